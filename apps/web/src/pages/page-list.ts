import type { Role } from '@clms/protocol';
import { IconAddressBook, IconAlertTriangle, IconBell, IconBook2, IconCalendar, IconChartBar, IconDeviceDesktop, IconDevices, IconDoorEnter, IconEyeExclamation, IconFileImport, IconGauge, IconHistory, IconKey, IconMessage, IconPlugConnected, IconScale, IconScan, IconSettings, IconUsers, type Icon } from '@tabler/icons-react';
import type { ComponentType } from 'react';

/** A page inside the shell. The navigation, the routes and the keyboard all come from this list. */
export interface PageEntry {
  readonly path: `/${string}`;
  readonly label: string;
  readonly icon: Icon;
  readonly roles: readonly Role[];
  /** Second key after `g`. */
  readonly goKey?: string;
  readonly group: 'work' | 'manage';
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}

const STAFF = ['ADMIN', 'LIBRARIAN', 'STAFF'] as const;
const MANAGERS = ['ADMIN', 'LIBRARIAN'] as const;
const ADMIN = ['ADMIN'] as const;

export const PAGES: readonly PageEntry[] = [
  { path: '/', label: 'Dashboard', icon: IconGauge, roles: STAFF, goKey: 'd', group: 'work', load: () => import('./dashboard/dashboard-page.tsx') },
  { path: '/desk', label: 'Desk', icon: IconScan, roles: STAFF, goKey: 'k', group: 'work', load: () => import('./desk/desk-page.tsx') },
  { path: '/equipment', label: 'Equipment', icon: IconDeviceDesktop, roles: STAFF, goKey: 'e', group: 'work', load: () => import('./equipment/equipment-page.tsx') },
  { path: '/visits', label: 'Visits', icon: IconDoorEnter, roles: STAFF, goKey: 'v', group: 'work', load: () => import('./visits/visits-page.tsx') },
  { path: '/circulation', label: 'Circulation', icon: IconBook2, roles: STAFF, goKey: 'c', group: 'work', load: () => import('./circulation/circulation-page.tsx') },
  { path: '/people', label: 'People', icon: IconAddressBook, roles: STAFF, goKey: 'p', group: 'work', load: () => import('./people/people-page.tsx') },
  { path: '/notices', label: 'Notices', icon: IconBell, roles: STAFF, goKey: 'n', group: 'work', load: () => import('./notices/notices-page.tsx') },
  { path: '/chat', label: 'Chat', icon: IconMessage, roles: STAFF, goKey: 'm', group: 'work', load: () => import('./chat/chat-page.tsx') },
  { path: '/analytics', label: 'Analytics', icon: IconChartBar, roles: MANAGERS, goKey: 'z', group: 'work', load: () => import('./analytics/analytics-page.tsx') },
  { path: '/emergency', label: 'Emergency', icon: IconAlertTriangle, roles: STAFF, goKey: 'r', group: 'work', load: () => import('./emergency/emergency-page.tsx') },
  { path: '/exceptions', label: 'Scans to look at', icon: IconEyeExclamation, roles: STAFF, goKey: 's', group: 'work', load: () => import('./exceptions/exceptions-page.tsx') },
  { path: '/imports', label: 'Imports', icon: IconFileImport, roles: MANAGERS, goKey: 'i', group: 'manage', load: () => import('./imports/imports-page.tsx') },
  { path: '/users', label: 'Staff accounts', icon: IconUsers, roles: ADMIN, goKey: 'u', group: 'manage', load: () => import('./users/users-page.tsx') },
  { path: '/devices', label: 'Devices', icon: IconDevices, roles: ADMIN, goKey: 'x', group: 'manage', load: () => import('./devices/devices-page.tsx') },
  { path: '/policies', label: 'Policies', icon: IconScale, roles: ADMIN, goKey: 'l', group: 'manage', load: () => import('./policies/policies-page.tsx') },
  { path: '/calendar', label: 'Calendar', icon: IconCalendar, roles: ADMIN, goKey: 'h', group: 'manage', load: () => import('./calendar/calendar-page.tsx') },
  { path: '/settings', label: 'Settings', icon: IconSettings, roles: ADMIN, goKey: 't', group: 'manage', load: () => import('./settings/settings-page.tsx') },
  { path: '/connections', label: 'Connections', icon: IconPlugConnected, roles: ADMIN, goKey: 'o', group: 'manage', load: () => import('./connections/connections-page.tsx') },
  { path: '/audit', label: 'Audit', icon: IconHistory, roles: ADMIN, goKey: 'a', group: 'manage', load: () => import('./audit/audit-page.tsx') },
  { path: '/server', label: 'Server and keys', icon: IconKey, roles: ADMIN, goKey: 'y', group: 'manage', load: () => import('./api-keys/api-keys-page.tsx') },
];

/** The pages that a role may open. */
export const pagesFor = (role: Role): readonly PageEntry[] => PAGES.filter((page) => page.roles.includes(role));
