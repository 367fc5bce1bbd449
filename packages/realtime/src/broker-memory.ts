import { randomBytes } from 'node:crypto';
import type { Broker, BrokerHealth, BrokerListener, History, HistoryLimits, NewEvent, Signal, TopicEvent, TopicPosition } from './broker.ts';
import { systemClock, type Clock } from './clock.ts';

/** History per topic unless told otherwise [SUB6]. */
export const DEFAULT_HISTORY: HistoryLimits = { size: 10_000, ttlMs: 24 * 3_600_000 };

export interface MemoryBrokerOptions {
  /** Default: the machine's. */
  readonly clock?: Clock;
  readonly history?: HistoryLimits;
  /**
   * Where topics begin, for an application that keeps its own log: it publishes the retained events again before anybody listens, and each
   * gets the offset it had. Topics without a seed begin at 0 with a new epoch.
   */
  readonly seed?: Readonly<Record<string, { readonly epoch: string; readonly offset: number }>>;
}

interface Log {
  readonly epoch: string;
  head: number;
  /** Events head − length + 1 … head, oldest first; the front is cut in steps, so that pruning stays cheap. */
  events: TopicEvent[];
  start: number;
}

/** A broker for one process: order and history in memory. */
export class MemoryBroker implements Broker {
  readonly kind = 'memory';
  readonly #clock: Clock;
  readonly #limits: HistoryLimits;
  readonly #seed: NonNullable<MemoryBrokerOptions['seed']>;
  readonly #logs = new Map<string, Log>();
  /** First position by event id. Two generations: each holds ids for at least one history length. */
  #ids = new Map<string, TopicPosition>();
  #olderIds = new Map<string, TopicPosition>();
  #idsSinceMs: number;
  #listener: BrokerListener | undefined;

  constructor({ clock = systemClock, history, seed }: MemoryBrokerOptions = {}) {
    this.#clock = clock;
    this.#limits = history ?? DEFAULT_HISTORY;
    this.#seed = seed ?? {};
    this.#idsSinceMs = clock.now();
  }

  async start(listener: BrokerListener): Promise<void> {
    this.#listener = listener;
  }

  async publish(events: readonly NewEvent[]): Promise<TopicPosition[]> {
    const fresh: TopicEvent[] = [];
    const positions = events.map((event) => {
      const known = this.#ids.get(event.id) ?? this.#olderIds.get(event.id);
      if (known) return known;
      const log = this.#log(event.topic);
      const placed: TopicEvent = { ...event, epoch: log.epoch, offset: log.head + 1 };
      log.head = placed.offset;
      log.events.push(placed);
      this.#prune(log);
      const position = { topic: event.topic, epoch: placed.epoch, offset: placed.offset };
      this.#remember(event.id, position);
      fresh.push(placed);
      return position;
    });
    if (fresh.length > 0) this.#listener?.onEvents(fresh);
    return positions;
  }

  position(topic: string): TopicPosition {
    const { epoch, head } = this.#log(topic);
    return { topic, epoch, offset: head };
  }

  async since(topic: string, after: { readonly epoch: string; readonly offset: number }): Promise<History> {
    const log = this.#log(topic);
    const head = this.position(topic);
    this.#prune(log);
    const kept = log.events.length - log.start;
    if (after.epoch !== log.epoch || after.offset > log.head || after.offset < log.head - kept) return { kind: 'lost', head };
    return { kind: 'events', events: log.events.slice(log.events.length - (log.head - after.offset)), head };
  }

  async recent(topic: string, limit: number, sinceMs?: number): Promise<readonly TopicEvent[]> {
    const log = this.#log(topic);
    this.#prune(log);
    const newest = log.events.slice(Math.max(log.start, log.events.length - limit));
    if (sinceMs === undefined) return newest;
    const since = new Date(sinceMs).toISOString();
    return newest.filter((event) => event.timestamp >= since);
  }

  async forget(topic: string, ids: readonly string[]): Promise<void> {
    const log = this.#log(topic);
    const through = Math.max(0, ...ids.map((id) => this.#ids.get(id) ?? this.#olderIds.get(id)).map((position) => (position?.topic === topic ? position.offset : 0)));
    const first = log.head - (log.events.length - log.start) + 1;
    if (through < first) return;
    log.events = log.events.slice(log.start + through - first + 1);
    log.start = 0;
  }

  async signal(signal: Signal): Promise<void> {
    this.#listener?.onSignal(signal);
  }

  health(): BrokerHealth {
    return { state: 'ok' };
  }

  async close(): Promise<void> {
    this.#listener = undefined;
  }

  #log(topic: string): Log {
    let log = this.#logs.get(topic);
    if (!log) {
      const seed = Object.hasOwn(this.#seed, topic) ? this.#seed[topic] : undefined;
      log = { epoch: seed?.epoch ?? randomBytes(8).toString('hex'), head: seed?.offset ?? 0, events: [], start: 0 };
      this.#logs.set(topic, log);
    }
    return log;
  }

  #prune(log: Log): void {
    const oldest = new Date(this.#clock.now() - this.#limits.ttlMs).toISOString();
    while (log.events.length - log.start > this.#limits.size || (log.start < log.events.length && log.events[log.start]!.timestamp < oldest)) log.start++;
    if (log.start > 1024 && log.start * 2 > log.events.length) {
      log.events = log.events.slice(log.start);
      log.start = 0;
    }
  }

  #remember(id: string, position: TopicPosition): void {
    const now = this.#clock.now();
    if (now - this.#idsSinceMs > this.#limits.ttlMs || this.#ids.size >= this.#limits.size * 10) {
      this.#olderIds = this.#ids;
      this.#ids = new Map();
      this.#idsSinceMs = now;
    }
    this.#ids.set(id, position);
  }
}
