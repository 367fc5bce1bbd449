import type { Activity, Alert, Audience, Dashboard, EmergencyAlert, Equipment, Notification, SystemUpdate } from '@clms/protocol';
import type { PersonRow } from './person.ts';
import type { PersonCard, ScanAnswer } from './scan-answer.ts';

// [PRV1] The one place that decides which personal data leave, and for whom. Topic events and snapshots go through `present`,
// names through `personName`. Nothing else in the server drops or shortens a name.

type Shown = { readonly [Type in keyof Entities]: Entities[Type] };
interface Entities {
  activity_update: Activity;
  equipment_update: Equipment;
  notification: Notification;
  dashboard_update: Dashboard;
  emergency_alert: EmergencyAlert;
  system_update: SystemUpdate;
}

/** An event's data as an audience may see it; undefined = nothing of it. `full` sees it as it is. */
export function present(type: string, data: unknown, audience: Audience): unknown {
  if (audience === 'full') return data;
  switch (type as keyof Shown) {
    case 'activity_update': return audience === 'public' ? publicActivity(data as Activity) : undefined;
    case 'equipment_update': return audience === 'public' ? publicEquipment(data as Equipment) : undefined;
    case 'dashboard_update': return audience === 'public' ? publicDashboard(data as Dashboard) : undefined;
    case 'emergency_alert': return audience === 'public' ? publicEmergency(data as EmergencyAlert) : undefined;
    case 'notification': return audience === 'own' ? data : undefined;
    case 'system_update': return audience === 'maintenance' && (data as SystemUpdate).category === 'MAINTENANCE' ? data : undefined;
    default: return undefined;
  }
}

function publicActivity({ id, gradeCategory, activityType, timestamp, location, equipmentId, equipmentName, duration }: Activity): Activity {
  return omitUndefined({ id, gradeCategory, activityType, timestamp, location, equipmentId, equipmentName, duration });
}

function publicEquipment(item: Equipment): Equipment {
  const { id, name, type, status, location, seats, sessionStartTime, sessionDuration, endsAt, waiting, claimNumber, claimUntil, version } = item;
  const sessions = item.sessions.map((session) => ({ id: session.id, startedAt: session.startedAt, endsAt: session.endsAt, extensions: session.extensions }));
  return omitUndefined({ id, name, type, status, location, seats, sessionStartTime, sessionDuration, endsAt, sessions, waiting, claimNumber, claimUntil, version });
}

function publicDashboard({ metrics, alerts, timestamp }: Dashboard): Dashboard {
  return { metrics, alerts: alerts.filter(isPublicAlert), timestamp };
}

/** Alerts are counts and places, never names; those about people's debts and errors of the desk are no business of a wall display. */
function isPublicAlert(alert: Alert): boolean {
  return alert.type === 'CAPACITY_WARNING' || alert.type === 'TIME_LIMIT_WARNING' || alert.type === 'EMERGENCY';
}

function publicEmergency({ id, severity, message, location, state, raisedAt, clearedAt, timestamp }: EmergencyAlert): EmergencyAlert {
  return omitUndefined({ id, severity, message, location, state, raisedAt, clearedAt, timestamp });
}

export interface PersonName {
  readonly surname: string;
  readonly givenName: string;
}

/** How a person is called: "Cruz, Aya" to staff, "Aya C." on a kiosk's screen. */
export function personName(person: PersonName, audience: 'staff' | 'kiosk'): string {
  if (audience === 'staff') return [person.surname, person.givenName].filter(Boolean).join(', ');
  const given = person.givenName.trim().split(/\s+/)[0] ?? '';
  const initial = [...person.surname.trim()][0];
  return [given, initial && `${initial.toUpperCase()}.`].filter(Boolean).join(' ');
}

/** Who a scan was for, as the station that scanned may see it [PRV1]: staff the whole card, a device "Aya C." and nothing to find her by. */
export function personCard(person: PersonRow, audience: 'staff' | 'kiosk'): PersonCard {
  const name = personName(person, audience);
  if (audience === 'kiosk') return { name };
  const { id, kind, schoolId, surname, givenName, gradeLevel, strand, gradeCategory, section } = person;
  return { name, id, kind, schoolId, surname, givenName, gradeLevel, strand, gradeCategory, section };
}

/** A scan's answer as a device may show it: what happened and until when, without ids, titles and surnames. */
export function scanForDevice(answer: ScanAnswer): ScanAnswer {
  const { result, code, message, person, visit, loan, equipment } = answer;
  return omitUndefined<ScanAnswer>({
    result,
    code,
    message,
    person: person && { name: person.givenName === undefined ? person.name : personName({ surname: person.surname ?? '', givenName: person.givenName }, 'kiosk') },
    visit: visit && { location: visit.location, checkedInAt: visit.checkedInAt, checkedOutAt: visit.checkedOutAt },
    loan: loan && { dueAt: loan.dueAt, returnedAt: loan.returnedAt },
    book: undefined,
    equipment: equipment && { name: equipment.name, type: equipment.type, location: equipment.location, status: equipment.status },
    notices: answer.notices.map(({ kind, message: words }) => ({ kind, message: words })),
  });
}

function omitUndefined<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;
}
