import type {
  Activity, AnalyticsUpdate, ChatMessage, Dashboard, EmergencyAlert, Equipment, Notification, PresenceUpdate, SubscribableTopic, SystemUpdate,
} from '@clms/protocol';
import { matchesFilters, type WireFilters } from './filters.ts';
import type { ChatState, InboxItem, ReducibleEvent, TopicStates } from './read-models.ts';

/** How one topic's events become its read model. All functions are pure. */
export interface TopicReducer<S> {
  readonly empty: S;
  /** The model that a snapshot of the wire stands for. */
  fromSnapshot(snapshot: unknown): S;
  /** Applying an event twice gives the same as applying it once. */
  apply(state: S, event: ReducibleEvent): S;
  /** What of it passes the filters. */
  select(state: S, filters: WireFilters): S;
}

/** Entries kept per list; the oldest are forgotten. A wall display shows a screenful, an export asks the server. */
const KEPT = 500;

interface Identified {
  readonly id: string;
}

const ascending = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** An entity that comes again takes the place it had. */
function put<E>(list: readonly E[], entity: E, keyOf: (entity: E) => string, added: () => readonly E[]): readonly E[] {
  const key = keyOf(entity);
  const known = list.findIndex((one) => keyOf(one) === key);
  return known >= 0 ? list.with(known, entity) : added();
}

/** A capped list, newest first. */
function newestFirst<E>(topic: string, keyOf: (entity: E) => string, timeOf: (entity: E) => string, cap = KEPT, entityOf = ({ data }: ReducibleEvent) => data as E): TopicReducer<readonly E[]> {
  return {
    empty: [],
    fromSnapshot: (snapshot) => (snapshot as E[]).toSorted((a, b) => ascending(timeOf(b), timeOf(a))).slice(0, cap),
    apply: (list, event) => {
      const entity = entityOf(event);
      return put(list, entity, keyOf, () => [entity, ...list].slice(0, cap));
    },
    select: (list, filters) => list.filter((entity) => matchesFilters(topic, entity, filters)),
  };
}

const byId = <E extends Identified>(entity: E): string => entity.id;

const equipment: TopicReducer<ReadonlyMap<string, Equipment>> = {
  empty: new Map(),
  fromSnapshot: (snapshot) => new Map((snapshot as Equipment[]).map((item) => [item.id, item])),
  apply: (items, event) => {
    const item = event.data as Equipment;
    return new Map(items).set(item.id, item);
  },
  select: (items, filters) => new Map([...items].filter(([, item]) => matchesFilters('equipment', item, filters))),
};

const dashboard: TopicReducer<Dashboard | undefined> = {
  empty: undefined,
  fromSnapshot: (snapshot) => snapshot as Dashboard,
  // An event carries only the metrics subscribed to; those that an earlier, wider subscription brought stay.
  apply: (state, event) => {
    const next = event.data as Dashboard;
    return { ...next, metrics: { ...state?.metrics, ...next.metrics } };
  },
  select: (state, filters) => {
    const wanted = filters['metrics'];
    if (!state || !wanted) return state;
    return { ...state, metrics: Object.fromEntries(Object.entries(state.metrics).filter(([name]) => wanted.includes(name))) };
  },
};

const chat: TopicReducer<ChatState> = {
  empty: { messages: [], presence: new Map() },
  fromSnapshot: (snapshot) => {
    const { messages, presence } = snapshot as { messages: ChatMessage[]; presence: PresenceUpdate[] };
    const sorted = messages.toSorted((a, b) => ascending(a.timestamp, b.timestamp));
    return { messages: sorted.slice(-KEPT), presence: new Map(presence.filter(({ state }) => state !== 'left').map((one) => [one.userId, one])) };
  },
  apply: (state, event) => {
    if (event.type === 'presence_update') {
      const update = event.data as PresenceUpdate;
      const presence = new Map(state.presence);
      if (update.state === 'left') presence.delete(update.userId);
      else presence.set(update.userId, update);
      return { ...state, presence };
    }
    const message = event.data as ChatMessage;
    return { ...state, messages: put(state.messages, message, byId, () => [...state.messages, message].slice(-KEPT)) };
  },
  select: (state, filters) => ({ ...state, messages: state.messages.filter((message) => matchesFilters('chat', message, filters)) }),
};

const byTimestamp = ({ timestamp }: { readonly timestamp: string }): string => timestamp;

export const TOPIC_REDUCERS: { readonly [T in SubscribableTopic]: TopicReducer<TopicStates[T]> } = {
  activities: newestFirst<Activity>('activities', byId, byTimestamp),
  equipment,
  notifications: newestFirst<Notification>('notifications', byId, byTimestamp),
  dashboard,
  analytics: newestFirst<AnalyticsUpdate>('analytics', ({ series, date }) => `${series} ${date}`, ({ date }) => date),
  emergency: newestFirst<EmergencyAlert>('emergency', byId, ({ raisedAt }) => raisedAt, 50),
  chat,
  system: newestFirst<SystemUpdate>('system', byId, byTimestamp, 200),
  inbox: newestFirst<InboxItem>('inbox', byId, byTimestamp, KEPT, ({ id, timestamp, type, data, offset }) => ({ id, timestamp, type, data, offset, delivered: true })),
};

export function isKnownTopic(topic: string): topic is SubscribableTopic {
  return Object.hasOwn(TOPIC_REDUCERS, topic);
}
