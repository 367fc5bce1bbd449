import type { SharedLimits } from './shared-limits.ts';

/** Whom a direct message is for (topic `inbox`). */
export type Target = { readonly all: true } | { readonly role: string } | { readonly userId: string };

/** An event before it has a position. `id` is unique for ever: a broker that sees it twice keeps the first [ORD2]. */
export interface NewEvent {
  readonly id: string;
  readonly topic: string;
  readonly type: string;
  /** ISO 8601 UTC with milliseconds: when it was committed. */
  readonly timestamp: string;
  readonly data: unknown;
  readonly target?: Target;
  readonly excludeClientId?: string;
  /** Facts for projections and filters that must not travel to clients (which metrics changed, say). */
  readonly meta?: Readonly<Record<string, unknown>>;
}

/** An event with its place in the topic's history. */
export interface TopicEvent extends NewEvent {
  readonly epoch: string;
  readonly offset: number;
}

/** Where events stand in a log of the application's own, from which several nodes publish. */
export interface Place {
  /** The event before the first of these; undefined = they are the log's first. */
  readonly behind: { readonly topic: string; readonly id: string } | undefined;
  /** What `newestPlaced` said when the publisher looked for its place. */
  readonly newest: string | undefined;
}

/** Events were not taken, because others that may be newer were taken in between: look for the place again. */
export class Misplaced extends Error {
  constructor() {
    super('events of this log have been published in between');
  }
}

export interface TopicPosition {
  readonly topic: string;
  readonly epoch: string;
  readonly offset: number;
}

export type History =
  /** Every event after the asked offset, oldest first, up to `head`. */
  | { readonly kind: 'events'; readonly events: readonly TopicEvent[]; readonly head: TopicPosition }
  /** The asked position cannot be continued: other epoch, pruned, or never given. */
  | { readonly kind: 'lost'; readonly head: TopicPosition };

export interface BrokerListener {
  /** Called in order, once per event, without gaps within an epoch; events of one topic that arrive together come together. */
  onEvents(events: readonly TopicEvent[]): void;
  /** The history of a topic was lost: positions of the old epoch mean nothing any more. */
  onEpoch(position: TopicPosition): void;
  /** Control messages of other nodes and of this one (revocations, status requests …). */
  onSignal(signal: Signal): void;
  onHealth(health: BrokerHealth): void;
}

/** A message between nodes that is not history: lost if nobody listens. */
export interface Signal {
  readonly kind: string;
  readonly [key: string]: unknown;
}

export type BrokerHealth = { readonly state: 'ok' } | { readonly state: 'degraded'; readonly reason: string };

/**
 * Where events get their order and their history.
 *
 * - `publish` resolves after the events have positions, in the order given; offsets of a topic rise by exactly one within an epoch [POS1].
 * - Every node's listener sees every event of every topic, per topic in offset order [ORD1]. On the publishing node the listener has been
 *   called before `publish` resolves.
 * - An event id that was seen before gets its first position again and is not delivered again [ORD2]. Ids are remembered at least as
 *   long as the history.
 * - History is bounded by size and age [SUB6]; asking beyond it answers `lost`, never an incomplete list.
 * - `forget` resolves when the history up to the newest of these events can be had by nobody any more: whoever asks for a position before it is
 *   answered `lost`. Positions go on, and the ids stay known. Ids that were never published are nothing to forget.
 * - Events published with a place are taken only when the one before them is known, or when nothing with a place was taken since the publisher
 *   looked for it; otherwise `publish` rejects with `Misplaced`. A broker that lost its memory thus takes no old event behind a newer one,
 *   whichever node comes first.
 * - `position` is the newest position this node's listener has been told of.
 */
export interface Broker {
  readonly kind: 'memory' | 'redis';
  /** Where the nodes count what a user has on all of them together; undefined = there is one node. */
  readonly limits?: SharedLimits;
  start(listener: BrokerListener): Promise<void>;
  publish(events: readonly NewEvent[], place?: Place): Promise<TopicPosition[]>;
  /** Id of the newest event taken with a place in this epoch; undefined = none. Missing = one process has it all, and places mean nothing. */
  newestPlaced?(): Promise<string | undefined>;
  position(topic: string): TopicPosition;
  since(topic: string, after: { readonly epoch: string; readonly offset: number }): Promise<History>;
  /** Newest events of a topic, newest last, at most `limit`, not older than `sinceMs`. */
  recent(topic: string, limit: number, sinceMs?: number): Promise<readonly TopicEvent[]>;
  forget(topic: string, ids: readonly string[]): Promise<void>;
  signal(signal: Signal): Promise<void>;
  health(): BrokerHealth;
  close(): Promise<void>;
}

export interface HistoryLimits {
  /** Events kept per topic. */
  readonly size: number;
  readonly ttlMs: number;
}

