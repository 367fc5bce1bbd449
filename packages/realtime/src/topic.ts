import type { TopicEvent } from './broker.ts';
import type { Identity } from './identity.ts';

/**
 * What some connections see of a topic. Connections whose audience has the same `key` (and whose filters are equal) share one
 * projection and one encoded frame, so the key must name everything that `project` looks at.
 */
export interface Audience {
  readonly key: string;
}

/** A subscription's filters after normalisation: known keys only, lists sorted and without repeats, closed values in their own case. */
export type NormalFilters = Readonly<Record<string, readonly string[]>>;

/** Allowed filter values: a closed list (compared without case) or anything. */
export type FilterSpec = readonly string[] | 'open';

/**
 * A topic as an application hands it to the engine. All functions are pure but `snapshot`.
 * `A` is the application's own audience type.
 */
export interface TopicDefinition<A extends Audience = Audience> {
  readonly name: string;
  readonly filters: Readonly<Record<string, FilterSpec>>;
  /** What a slow reader loses [OUT1]: nothing; all but the newest event of an entity; events, announced by a `gap`. */
  readonly delivery: 'undroppable' | 'latest' | 'droppable';
  /** Event types that may be published on this topic; `true` = any custom type (direct messages). */
  readonly eventTypes: readonly string[] | true;
  /** What this identity may see; undefined = the topic is not for its role. */
  audience(identity: Identity): A | undefined;
  /** The event's data as this audience may see it; undefined = not for this audience. */
  project(event: TopicEvent, audience: A): unknown;
  /**
   * Values that filters are compared with, by filter key. They must come from the projected data, never from what the projection hid:
   * otherwise a filter would tell a public screen what it may not know [TOP2]. Default: the field of the same name.
   * Compared without case, open values too (`computer` finds COMPUTER); `true` matches whatever the filter names, undefined nothing.
   */
  filterValue?(projected: unknown, key: string, event: Pick<TopicEvent, 'type'>): string | readonly string[] | true | undefined;
  /** Last step, for filters that choose parts of an event instead of events; undefined = nothing of it is wanted. */
  select?(projected: unknown, filters: NormalFilters, event: TopicEvent): unknown;
  /** Filter keys that only `select` reads; they do not decide whether an event matches. */
  readonly selectKeys?: readonly string[];
  /** Keys of the only audiences that an event can concern, where that is known without asking each: a message to one user, say. Default: all. */
  audienceKeys?(event: TopicEvent): Iterable<string> | undefined;
  /** For `delivery: 'latest'`: events with the same entity replace each other in a full queue. */
  entity?(event: TopicEvent): string;
  /** Current state for a new subscriber, projected and filtered [SUB4]. */
  snapshot?(request: SnapshotRequest<A>): Promise<unknown>;
}

export interface SnapshotRequest<A extends Audience = Audience> {
  readonly identity: Identity;
  readonly audience: A;
  readonly filters: NormalFilters;
  /** Whether the filters let this through, as they would if it came in an event of this type. */
  wants(projected: unknown, type: string): boolean;
  /** Only for topics of direct messages: newest events first come from here, so that history and snapshot agree. */
  history(): Promise<readonly TopicEvent[]>;
}
