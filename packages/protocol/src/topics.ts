import type { Static, TSchema } from 'typebox';
import {
  Activity, AnalyticsUpdate, ChatMessage, Dashboard, EmergencyAlert, Equipment, Notification, PresenceUpdate, SystemUpdate,
  ACTIVITY_TYPES, EQUIPMENT_STATUSES, GRADE_CATEGORIES, METRICS, NOTICE_CATEGORIES, PRIORITIES, SERIES, SEVERITIES, SYSTEM_CATEGORIES,
} from './entities.ts';
import { ROLES, type Role } from './roles.ts';

/** Values a filter may name: a closed list (compared without case), or anything. */
export type FilterSpec = readonly string[] | 'open';
/** What a role sees of a topic: everything, no personal data, what is addressed to it, maintenance only. */
export type Audience = 'full' | 'public' | 'own' | 'maintenance';
/** What happens to events for a connection that reads too slowly [OUT1]. */
export type Delivery = 'undroppable' | 'latest' | 'droppable';

export interface TopicSpec {
  readonly events: Readonly<Record<string, TSchema>>;
  readonly filters: Readonly<Record<string, FilterSpec>>;
  readonly audiences: Readonly<Partial<Record<Role, Audience>>>;
  readonly delivery: Delivery;
}

const staff = <A extends Audience>(audience: A) => ({ ADMIN: audience, LIBRARIAN: audience, STAFF: audience }) as const;

/** The one table of topics (protocol §4): events, filters, who sees what, and what a slow reader loses. */
export const TOPICS = {
  activities: {
    events: { activity_update: Activity },
    filters: { activityType: ACTIVITY_TYPES, location: 'open', studentId: 'open', equipmentId: 'open', gradeCategory: GRADE_CATEGORIES },
    audiences: { ...staff('full'), DISPLAY: 'public' },
    delivery: 'droppable',
  },
  equipment: {
    events: { equipment_update: Equipment },
    filters: { equipmentId: 'open', type: 'open', status: EQUIPMENT_STATUSES, location: 'open' },
    audiences: { ...staff('full'), KIOSK: 'public', DISPLAY: 'public' },
    delivery: 'latest',
  },
  notifications: {
    events: { notification: Notification },
    filters: { priority: PRIORITIES, category: NOTICE_CATEGORIES, role: ROLES },
    audiences: { ...staff('own'), KIOSK: 'own' },
    delivery: 'undroppable',
  },
  dashboard: {
    events: { dashboard_update: Dashboard },
    filters: { metrics: METRICS },
    audiences: { ...staff('full'), DISPLAY: 'public' },
    delivery: 'latest',
  },
  analytics: {
    events: { analytics_update: AnalyticsUpdate },
    filters: { series: SERIES },
    audiences: { ADMIN: 'full', LIBRARIAN: 'full' },
    delivery: 'latest',
  },
  emergency: {
    events: { emergency_alert: EmergencyAlert },
    filters: { severity: SEVERITIES },
    audiences: { ...staff('full'), KIOSK: 'public', DISPLAY: 'public' },
    delivery: 'undroppable',
  },
  chat: {
    events: { chat_message: ChatMessage, presence_update: PresenceUpdate },
    filters: { room: 'open' },
    audiences: staff('full'),
    delivery: 'droppable',
  },
  system: {
    events: { system_update: SystemUpdate },
    filters: { category: SYSTEM_CATEGORIES },
    audiences: { ADMIN: 'full', LIBRARIAN: 'full', STAFF: 'maintenance', KIOSK: 'maintenance', DISPLAY: 'maintenance' },
    delivery: 'droppable',
  },
} as const satisfies Record<string, TopicSpec>;

/** Topic of direct messages: every connection is on it without asking. */
export const INBOX = 'inbox';

export type TopicName = keyof typeof TOPICS;
export const TOPIC_NAMES = Object.keys(TOPICS) as TopicName[];
/** A `subscribe` may also name `inbox`, to replay it. */
export type SubscribableTopic = TopicName | typeof INBOX;

type FilterValue<S> = S extends readonly (infer V)[] ? V | Lowercase<V & string> : string;
/** Filters of one topic as a type: a wrong key or value does not compile. */
export type TopicFilters<T extends SubscribableTopic> = T extends TopicName
  ? { [K in keyof (typeof TOPICS)[T]['filters']]?: FilterValue<(typeof TOPICS)[T]['filters'][K]> | FilterValue<(typeof TOPICS)[T]['filters'][K]>[] }
  : Record<string, never>;

type EventsOf<T extends TopicName> = (typeof TOPICS)[T]['events'];
/** Events of one topic as a union of `{ type, data }`. */
export type TopicEvent<T extends TopicName> = { [K in keyof EventsOf<T>]: { type: K; data: Static<EventsOf<T>[K] & TSchema> } }[keyof EventsOf<T>];

/** Direct messages that the library itself sends; applications add their own types [DIR3]. */
export const DIRECT_MESSAGE_TYPES = ['system_announcement', 'staff_alert', 'personal_notification'] as const;

/** Topic to which an event type belongs, or undefined. */
export function topicOfEvent(type: string): TopicName | undefined {
  return TOPIC_NAMES.find((name) => Object.hasOwn(TOPICS[name].events, type));
}
