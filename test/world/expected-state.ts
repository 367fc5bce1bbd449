import { isDeepStrictEqual } from 'node:util';
import type { ChatState, TopicState } from '../../packages/client/src/index.ts';
import { INBOX, TOPICS, type ChatMessage, type Dashboard, type TopicName } from '../../packages/protocol/src/index.ts';
import type { NewEvent, TopicEvent } from '../../packages/realtime/src/broker.ts';
import type { Identity } from '../../packages/realtime/src/identity.ts';
import { libraryTopics, type SnapshotReads } from '../../packages/server/src/realtime/topics.ts';
import type { School } from './school.ts';

export type WorldFilters = Readonly<Record<string, string | string[]>>;

const definitions = new Map(libraryTopics({} as SnapshotReads).map((definition) => [definition.name, definition]));

/** What of an event somebody may see; undefined = nothing. */
export function visible(identity: Identity, event: Pick<NewEvent, 'topic' | 'type' | 'data' | 'target'>): unknown {
  if (event.topic === INBOX) {
    const { target } = event;
    if (!target || 'all' in target) return event.data;
    return ('role' in target ? target.role === identity.role : target.userId === identity.userId) ? event.data : undefined;
  }
  const definition = definitions.get(event.topic)!;
  const audience = definition.audience(identity);
  return audience && definition.project(event as TopicEvent, audience);
}

export function mayFollow(identity: Identity, topic: string): boolean {
  return topic === INBOX || definitions.get(topic)!.audience(identity) !== undefined;
}

/** Whether an entity passes a hold's filters. */
export function passes(topic: string, entity: unknown, filters: WorldFilters): boolean {
  return Object.entries(filters).every(([key, wanted]) => key === 'metrics' || [wanted].flat().includes((entity as Record<string, string>)[key]!));
}

/** The server's state for an identity and filters, by key; undefined = this topic is not for it. */
export function expectedState(school: School, identity: Identity, topic: TopicName, filters: WorldFilters): ReadonlyMap<string, unknown> | undefined {
  if (!mayFollow(identity, topic)) return undefined;
  if (topic === 'dashboard') {
    const { metrics } = visible(identity, { topic, type: 'dashboard_update', data: school.dashboard }) as Dashboard;
    return new Map(Object.entries(metrics).filter(([metric]) => !filters['metrics'] || [filters['metrics']].flat().includes(metric)));
  }
  const [type] = Object.keys(TOPICS[topic].events) as [string];
  const seen = [...school.entities.get(topic)!].map(([key, data]) => [key, visible(identity, { topic, type, data })] as const);
  return new Map(seen.filter(([, data]) => data !== undefined && passes(topic, data, filters)));
}

/** What a client's store holds, by the same keys. */
export function storedState(topic: TopicName, state: unknown): ReadonlyMap<string, unknown> {
  switch (topic) {
    case 'equipment': return state as TopicState<'equipment'>;
    case 'dashboard': return new Map(Object.entries((state as Dashboard | undefined)?.metrics ?? {}));
    case 'analytics': return new Map((state as TopicState<'analytics'>).map((update) => [`${update.series} ${update.date}`, update]));
    case 'chat': return byId((state as ChatState).messages);
    default: return byId(state as readonly ChatMessage[]);
  }
}

/** Keys under which the two differ, but for those in `unsure`. */
export function differences(expected: ReadonlyMap<string, unknown>, stored: ReadonlyMap<string, unknown>, unsure: (key: string) => boolean): string[] {
  return [...new Set([...expected.keys(), ...stored.keys()])]
    .filter((key) => !unsure(key) && !isDeepStrictEqual(expected.get(key), stored.get(key)))
    .map((key) => `${key}: ${short(stored.get(key))} instead of ${short(expected.get(key))}`);
}

const byId = (items: readonly { readonly id: string }[]): ReadonlyMap<string, unknown> => new Map(items.map((item) => [item.id, item]));
const short = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 160));

