import { TOPICS, TOPIC_NAMES, type AnalyticsUpdate, type Audience, type Dashboard, type Metric, type Notification, type Role, type TopicName } from '@clms/protocol';
import type { Audience as EngineAudience, Identity, NormalFilters, SnapshotRequest, TopicDefinition, TopicEvent } from '@clms/realtime';
import { isRecipient, type Reader } from '../domain/notices.ts';
import { present } from '../domain/present.ts';

/** Topics that only show the present state: a restart may answer with a snapshot instead of their history [SUB6]. */
export const TRANSIENT_TOPICS: ReadonlySet<string> = new Set<TopicName>(['dashboard', 'analytics']);
/** Topics whose history a restart rebuilds from the outbox. */
export const DURABLE_TOPICS: readonly string[] = [...TOPIC_NAMES.filter((name) => !TRANSIENT_TOPICS.has(name)), 'inbox'];

/** What somebody sees of a topic. `own` audiences are as many as recipients; the others one each. */
interface LibraryAudience extends EngineAudience {
  readonly sees: Audience;
  readonly identity: Reader | undefined;
}

/** Current state per topic, unprojected and newest first; each entity as in its events. */
export interface SnapshotReads {
  activities(): Promise<readonly unknown[]>;
  equipment(): Promise<readonly unknown[]>;
  notifications(reader: Reader): Promise<readonly unknown[]>;
  dashboard(): Promise<Dashboard>;
  analytics(): Promise<readonly unknown[]>;
  emergency(): Promise<readonly unknown[]>;
  chat(rooms: readonly string[] | undefined): Promise<{ messages: readonly unknown[]; presence: readonly unknown[] }>;
  system(): Promise<readonly unknown[]>;
}

/** The library's topics, as the engine takes them: the table of the wire, with projections and snapshots. */
export function libraryTopics(reads: SnapshotReads): TopicDefinition<LibraryAudience>[] {
  return TOPIC_NAMES.map((name) => topic(name, reads));
}

function topic(name: TopicName, reads: SnapshotReads): TopicDefinition<LibraryAudience> {
  const spec = TOPICS[name];
  const audiences: Partial<Record<Role, Audience>> = spec.audiences;
  return {
    name,
    filters: spec.filters,
    delivery: spec.delivery,
    eventTypes: Object.keys(spec.events),
    audience: (identity) => audienceOf(audiences[identity.role as Role], identity),
    project: (event, audience) => project(event.type, event.data, audience),
    snapshot: (request) => snapshot(name, reads, request),
    ...(name === 'equipment' && { entity: (event: TopicEvent) => (event.data as { id: string }).id, filterValue: equipmentValue }),
    ...(name === 'analytics' && { entity: ({ data }: TopicEvent) => JSON.stringify([(data as AnalyticsUpdate).series, (data as AnalyticsUpdate).date]) }),
    ...(name === 'dashboard' && { entity: () => 'dashboard', select: selectMetrics, selectKeys: ['metrics'] }),
    ...(name === 'notifications' && { filterValue: notificationValue }),
    ...(name === 'chat' && { filterValue: chatValue }),
  };
}

function audienceOf(sees: Audience | undefined, identity: Identity): LibraryAudience | undefined {
  if (!sees) return undefined;
  if (sees !== 'own') return { key: sees, sees, identity: undefined };
  const reader = readerAt(identity);
  return { key: JSON.stringify([sees, reader.userId, reader.role, reader.station]), sees, identity: reader };
}

/** Sockets of the library have one of its roles. */
const readerAt = ({ userId, role, station }: Identity): Reader => ({ userId, role: role as Role, ...(station !== undefined && { station }) });

function project(type: string, data: unknown, audience: LibraryAudience): unknown {
  if (audience.identity && !isRecipient((data as Notification).recipients, audience.identity)) return undefined;
  return present(type, data, audience.sees);
}

function equipmentValue(projected: unknown, key: string): string | undefined {
  const item = projected as Record<string, string>;
  return item[key === 'equipmentId' ? 'id' : key];
}

function notificationValue(projected: unknown, key: string): string | readonly string[] | undefined {
  const notice = projected as Notification;
  return key === 'role' ? notice.recipients?.roles : (notice as unknown as Record<string, string>)[key];
}

/** Presence has no room: whoever follows one room sees who is there at all. */
function chatValue(projected: unknown, key: string, event: Pick<TopicEvent, 'type'>): string | true | undefined {
  return event.type === 'presence_update' ? true : (projected as Record<string, string>)[key];
}

/** [TOP1] `metrics`: only the chosen figures, and only when one of them changed. */
function selectMetrics(projected: unknown, filters: NormalFilters, event: TopicEvent | undefined): unknown {
  const chosen = filters['metrics'] as Metric[] | undefined;
  if (!chosen) return projected;
  const changed = event?.meta?.['changed'] as Metric[] | undefined;
  if (changed && !changed.some((metric) => chosen.includes(metric))) return undefined;
  const { metrics, ...rest } = projected as Dashboard;
  return { metrics: Object.fromEntries(chosen.map((metric) => [metric, metrics[metric]])), ...rest };
}

async function snapshot(name: TopicName, reads: SnapshotReads, { audience, filters, wants, identity }: SnapshotRequest<LibraryAudience>): Promise<unknown> {
  const type = Object.keys(TOPICS[name].events)[0]!;
  const shown = (rows: readonly unknown[]) => rows.map((row) => project(type, row, audience)).filter((row) => row !== undefined && wants(row, type));
  switch (name) {
    case 'dashboard': return selectMetrics(project(type, await reads.dashboard(), audience), filters, undefined);
    case 'chat': {
      const { messages, presence } = await reads.chat(filters['room']);
      return { messages: shown(messages), presence };
    }
    case 'notifications': return shown(await reads.notifications(readerAt(identity)));
    default: return shown(await reads[name]());
  }
}
