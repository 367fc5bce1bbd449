import type {
  Activity, AnalyticsUpdate, ChatMessage, Dashboard, EmergencyAlert, Equipment, Notification, PresenceUpdate, SubscribableTopic, SystemUpdate,
} from '@clms/protocol';

/** A direct message as the inbox keeps it. */
export interface InboxItem {
  readonly id: string;
  readonly timestamp: string;
  readonly type: string;
  readonly data: unknown;
  readonly offset: number;
  /** Whether it had reached this user before this page asked for it. */
  readonly delivered: boolean;
}

export interface ChatState {
  /** Oldest first. */
  readonly messages: readonly ChatMessage[];
  /** Who is here, by user id; those who left are gone. */
  readonly presence: ReadonlyMap<string, PresenceUpdate>;
}

/** What the events of each topic add up to. Values are never changed in place: a new event makes a new value. */
export interface TopicStates {
  /** Newest first. */
  activities: readonly Activity[];
  /** By id. */
  equipment: ReadonlyMap<string, Equipment>;
  /** Newest first. */
  notifications: readonly Notification[];
  /** Undefined until the first snapshot. */
  dashboard: Dashboard | undefined;
  /** One per series and date, newest date first. */
  analytics: readonly AnalyticsUpdate[];
  /** Newest first, cleared ones included. */
  emergency: readonly EmergencyAlert[];
  chat: ChatState;
  /** Newest first. */
  system: readonly SystemUpdate[];
  /** Newest first. */
  inbox: readonly InboxItem[];
}

export type TopicState<T extends SubscribableTopic> = TopicStates[T];

/** An event of a topic, as far as a read model needs it. */
export interface ReducibleEvent {
  readonly id: string;
  readonly timestamp: string;
  readonly type: string;
  readonly data: unknown;
  readonly offset: number;
}
