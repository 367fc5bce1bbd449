import {
  ACTIVITY_TYPES, EQUIPMENT_STATUSES, METRICS, PRIORITIES, SEVERITIES, SYSTEM_CATEGORIES,
  type Activity, type AnalyticsUpdate, type Dashboard, type EmergencyAlert, type Equipment, type NoticeRecipients, type Notification, type SystemUpdate, type TopicName,
} from '../../packages/protocol/src/index.ts';

/** Stands in every name: who must not see names must never see it. */
export const SECRET = 'Maria-Secret';
/** Entities per topic that change again and again. */
export const ENTITIES = 6;

export const USERS = { adele: 'ADMIN', lionel: 'LIBRARIAN', stella: 'STAFF', kioto: 'KIOSK', disco: 'DISPLAY' } as const;
const AUDIENCES: readonly (NoticeRecipients | undefined)[] = [undefined, { users: ['lionel'] }, { roles: ['STAFF'] }, { roles: ['KIOSK', 'ADMIN'] }, { users: ['stella', 'kioto'] }, { roles: ['LIBRARIAN'], users: ['adele'] }];

export interface Written {
  readonly type: string;
  readonly key: string;
  readonly data: unknown;
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** The next version of an entity of a topic. What filters on the wire look at is the same in every version. */
export function writeEntity(topic: Exclude<TopicName, 'chat'>, which: number, version: number, timestamp: string): Written {
  const id = `${topic}-${which}`;
  const of = <T>(values: readonly T[]): T => values[which % values.length]!;
  switch (topic) {
    case 'activities': {
      const data: Activity = { id, studentId: `person-${which}`, studentName: `${SECRET} ${version}`, activityType: of(ACTIVITY_TYPES), timestamp, location: of(['main', 'lab']), duration: version };
      return { type: 'activity_update', key: id, data };
    }
    case 'equipment': {
      const data: Equipment = {
        id, name: id, type: of(['COMPUTER', 'STUDY_ROOM']), status: EQUIPMENT_STATUSES[version % EQUIPMENT_STATUSES.length]!, location: of(['main', 'lab', 'lab']), seats: 1,
        currentUserName: `${SECRET} ${version}`, sessions: [{ id: `s${version}`, studentName: SECRET, startedAt: timestamp, endsAt: null, extensions: 0 }], waiting: 0, version,
      };
      return { type: 'equipment_update', key: id, data };
    }
    case 'notifications': {
      const recipients = of(AUDIENCES);
      const data: Notification = { id, title: `v${version}`, message: `for ${JSON.stringify(recipients)}`, priority: of(PRIORITIES), category: 'USER', timestamp, actionable: false, ...(recipients && { recipients }) };
      return { type: 'notification', key: id, data };
    }
    case 'dashboard': {
      const changed = [METRICS[which]!, METRICS[(which * 2 + 1) % METRICS.length]!];
      return { type: 'dashboard_update', key: 'dashboard', data: { metrics: Object.fromEntries(changed.map((metric) => [metric, version])), alerts: [], timestamp } satisfies Dashboard, meta: { changed } };
    }
    case 'analytics': {
      const data: AnalyticsUpdate = { series: of(['visits', 'equipment', 'circulation'] as const), date: `2030-01-1${which}`, totals: { version }, timestamp };
      return { type: 'analytics_update', key: `${data.series} ${data.date}`, data };
    }
    case 'emergency': {
      const data: EmergencyAlert = { id, severity: of(SEVERITIES), message: `v${version}`, state: version % 2 === 0 ? 'ACTIVE' : 'ALL_CLEAR', raisedAt: timestamp, raisedBy: SECRET, timestamp };
      return { type: 'emergency_alert', key: id, data };
    }
    case 'system': {
      const data: SystemUpdate = { id, category: of(SYSTEM_CATEGORIES), message: `v${version}`, timestamp };
      return { type: 'system_update', key: id, data };
    }
  }
}
