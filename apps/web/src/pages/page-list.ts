import type { Role } from '@clms/protocol';
import { IconDeviceDesktop, IconGauge, IconScan, type Icon } from '@tabler/icons-react';
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

export const PAGES: readonly PageEntry[] = [
  { path: '/', label: 'Dashboard', icon: IconGauge, roles: STAFF, goKey: 'd', group: 'work', load: () => import('./dashboard/dashboard-page.tsx') },
  { path: '/desk', label: 'Desk', icon: IconScan, roles: STAFF, goKey: 'k', group: 'work', load: () => import('./desk/desk-page.tsx') },
  { path: '/equipment', label: 'Equipment', icon: IconDeviceDesktop, roles: STAFF, goKey: 'e', group: 'work', load: () => import('./equipment/equipment-page.tsx') },
];

/** The pages that a role may open. */
export const pagesFor = (role: Role): readonly PageEntry[] => PAGES.filter((page) => page.roles.includes(role));
