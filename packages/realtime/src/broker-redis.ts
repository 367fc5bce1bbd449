import { randomBytes } from 'node:crypto';
import { Misplaced, type Broker, type BrokerHealth, type BrokerListener, type History, type HistoryLimits, type NewEvent, type Place, type Signal, type TopicEvent, type TopicPosition } from './broker.ts';
import type { Cancel, Clock } from './clock.ts';
import { openRedis, type OpenRedis, type StreamEntry } from './redis-connection.ts';
import { RedisLane } from './redis-lane.ts';
import { RedisLimits } from './redis-limits.ts';
import { FORGET, NEWEST_PLACED, PRESENT_EPOCH, PUBLISH } from './redis-scripts.ts';
import { RedisSession, type Heads } from './redis-session.ts';

export interface RedisBrokerOptions {
  /** `redis://[user:password@]host:port/db` or the path of a socket. One Redis (or a primary with replicas), not a sharded cluster. */
  readonly url: string;
  readonly clock: Clock;
  readonly history: HistoryLimits;
  /** Time by which events are stamped, and by which the history's age counts; default the clock's. */
  wallNow?(): number;
  /** Before every key and channel, so that several installations can share a Redis. */
  readonly prefix?: string;
  readonly canaryMs?: number;
  readonly deadlineMs?: number;
  /** Between attempts to come back. */
  readonly retryMs?: number;
  /** How connections are opened; default over the network. */
  readonly open?: OpenRedis;
}

/** A hung Redis is known after at most `canaryMs` twice and the deadline: within the five seconds that operators are promised. */
const CANARY_MS = 1000;
const DEADLINE_MS = 2000;
const RETRY_MS = 500;
/** Publishes under way; beyond it `publish` rejects at once, and the caller's outbox keeps the events. */
const MOST_IN_FLIGHT = 10_000;
const READ_BATCH = 1000;
/** Ids are remembered for this many histories: a relay that starts again offers rows that the history has already let go. */
const REMEMBERED_HISTORIES = 4;

/**
 * The broker for several nodes. Order, dedupe and history live in Redis; pub/sub only says what is new, and every message is checked
 * against the history's offsets, so a message lost between Redis and a node is fetched, not missed.
 *
 * While Redis is away `health` is `degraded` and `publish` rejects; what was published before is delivered after the return. When Redis lost its
 * memory, a new epoch begins and the listener hears `onEpoch` for every topic it asked about.
 */
export class RedisBroker implements Broker {
  readonly kind = 'redis';
  readonly limits: RedisLimits;
  readonly #options: Required<RedisBrokerOptions>;
  readonly #nodeId = randomBytes(8).toString('hex');
  readonly #lanes = new Map<string, RedisLane>();
  #epoch = '';
  #listener: BrokerListener | undefined;
  #session: RedisSession | undefined;
  #health: BrokerHealth = { state: 'degraded', reason: 'not started' };
  #inFlight = 0;
  #nextHeads = withResolvers();
  #retry: Cancel = () => {};
  #closed = false;

  constructor(options: RedisBrokerOptions) {
    this.#options = { prefix: 'clms:', canaryMs: CANARY_MS, deadlineMs: DEADLINE_MS, retryMs: RETRY_MS, open: openRedis, wallNow: () => options.clock.now(), ...options };
    const { prefix, clock } = this.#options;
    this.limits = new RedisLimits({ prefix, clock, nodeId: this.#nodeId, commands: () => this.#commands });
  }

  /** Rejects when Redis cannot be reached now: a wrong address should stop a start, not degrade it. */
  async start(listener: BrokerListener): Promise<void> {
    this.#listener = listener;
    await this.#open();
  }

  async publish(events: readonly NewEvent[], place?: Place): Promise<TopicPosition[]> {
    if (events.length === 0) return [];
    if (this.#inFlight + events.length > MOST_IN_FLIGHT) throw new Error(`over ${MOST_IN_FLIGHT} events are on their way to Redis`);
    this.#inFlight += events.length;
    try {
      const { prefix, history } = this.#options;
      const args = events.flatMap((event) => [event.id, event.topic, JSON.stringify(event)]);
      const reply = await this.#commands.eval(PUBLISH, [prefix, newEpoch(), history.size, history.ttlMs, history.size * REMEMBERED_HISTORIES, ...placeArgs(place), ...args]);
      const [epoch, ...offsets] = reply as [string, ...number[]];
      if (offsets.length < events.length) throw new Misplaced();
      const positions = events.map(({ topic }, i) => ({ topic, epoch, offset: offsets[i]! }));
      await this.#told(positions);
      return positions;
    } finally {
      this.#inFlight -= events.length;
    }
  }

  async newestPlaced(): Promise<string | undefined> {
    return String(await this.#commands.eval(NEWEST_PLACED, [this.#options.prefix])) || undefined;
  }

  position(topic: string): TopicPosition {
    return { topic, epoch: this.#epoch, offset: this.#lane(topic).offset };
  }

  async since(topic: string, after: { readonly epoch: string; readonly offset: number }): Promise<History> {
    if (after.epoch !== this.#epoch) await this.#reachEpoch();
    if (after.epoch === this.#epoch && after.offset > this.#lane(topic).offset) await this.#catchUpWith(topic, after.offset);
    const head = this.position(topic);
    if (after.epoch !== head.epoch || after.offset > head.offset) return { kind: 'lost', head };
    const events: TopicEvent[] = [];
    while (after.offset + events.length < head.offset) {
      const batch = await this.#read(topic, head.epoch, after.offset + events.length + 1, head.offset);
      if (batch[0]?.offset !== after.offset + events.length + 1) return { kind: 'lost', head };
      events.push(...batch);
    }
    return { kind: 'events', events, head };
  }

  async recent(topic: string, limit: number, sinceMs?: number): Promise<readonly TopicEvent[]> {
    const epoch = this.#epoch;
    const entries = await this.#commands.newest(this.#log(topic, epoch), limit);
    return this.#kept(entries, epoch, sinceMs).toReversed();
  }

  async forget(topic: string, ids: readonly string[]): Promise<void> {
    await this.#commands.eval(FORGET, [this.#options.prefix, newEpoch(), topic, ...ids]);
  }

  // `async`: without a connection it rejects like everything else, and does not throw at whoever only tells the others in passing.
  async signal(signal: Signal): Promise<void> {
    await this.#commands.publish(`${this.#options.prefix}signals`, JSON.stringify(signal));
  }

  health(): BrokerHealth {
    return this.#health;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#retry();
    this.#session?.close();
    for (const lane of this.#lanes.values()) lane.close();
    this.#nextHeads.reject(new Error('closed'));
  }

  get #commands() {
    if (this.#closed || !this.#session) throw new Error('not connected to Redis');
    return this.#session.commands;
  }

  async #open(): Promise<void> {
    const { url, open, prefix, clock, canaryMs, deadlineMs } = this.#options;
    const session = new RedisSession({ url, open, prefix, nodeId: this.#nodeId, clock, canaryMs, deadlineMs, newEpoch }, {
      onEvents: (message) => this.#onEvents(message),
      onSignal: (message) => this.#listener!.onSignal(JSON.parse(message) as Signal),
      onHeads: (heads) => this.#onHeads(heads),
      onEnd: (reason) => this.#onEnd(reason),
    });
    this.#session = session;
    await session.open();
    this.#setHealth({ state: 'ok' });
  }

  #onEnd(reason: string): void {
    if (this.#closed) return;
    this.#setHealth({ state: 'degraded', reason });
    const error = new Error(reason);
    for (const lane of this.#lanes.values()) lane.interrupt(error);
    this.#nextHeads.reject(error);
    this.#nextHeads = withResolvers();
    this.#retry = this.#options.clock.setTimer(this.#options.retryMs, () => {
      this.#open().catch((error: Error) => this.#onEnd(error.message));
    });
  }

  #onEvents(message: string): void {
    // Before the first heads: whatever this message tells lies before them.
    if (this.#epoch === '') return;
    const [epoch, ...lines] = message.split('\n');
    this.#adopt(epoch!);
    let group: TopicEvent[] = [];
    for (const line of lines) {
      const event = parseLine(line, epoch!);
      if (group.length > 0 && group[0]!.topic !== event.topic) {
        this.#lane(group[0]!.topic).take(group);
        group = [];
      }
      group.push(event);
    }
    if (group.length > 0) this.#lane(group[0]!.topic).take(group);
  }

  #onHeads({ epoch, offsets }: Heads): void {
    const first = this.#epoch === '';
    this.#adopt(epoch);
    // A node that just started knows nothing of what came before it: its positions begin at the heads.
    for (const [topic, offset] of offsets) {
      if (first) this.#lanes.set(topic, this.#newLane(topic, offset));
      else this.#lane(topic).reachTo(offset);
    }
    this.#nextHeads.resolve();
    this.#nextHeads = withResolvers();
  }

  /** Begins another epoch when Redis has; everything known of the old one is void. */
  #adopt(epoch: string): void {
    if (epoch === this.#epoch) return;
    const topics = this.#epoch === '' ? [] : [...this.#lanes.keys()];
    for (const lane of this.#lanes.values()) lane.close();
    this.#lanes.clear();
    this.#epoch = epoch;
    for (const topic of topics) this.#listener!.onEpoch(this.position(topic));
  }

  /** A client has a position of another epoch: this node may be the one that has not heard of it yet. */
  async #reachEpoch(): Promise<void> {
    const heads = this.#nextHeads.promise;
    const epoch = await this.#commands.eval(PRESENT_EPOCH, [this.#options.prefix]);
    if (epoch !== '' && epoch !== this.#epoch) await heads;
  }

  /**
   * A client comes from a node that was told sooner: this one first hears of what the client has, or else would give it as new. Nothing
   * happens when Redis does not know of such an event either.
   */
  async #catchUpWith(topic: string, offset: number): Promise<void> {
    const [newest] = await this.#commands.newest(this.#log(topic, this.#epoch), 1);
    if (!newest || Number.parseInt(newest[0], 10) < offset) return;
    const lane = this.#lane(topic);
    lane.reachTo(offset);
    await lane.reached(offset);
  }

  async #told(positions: readonly TopicPosition[]): Promise<void> {
    for (const { topic, epoch, offset } of positions) {
      // The answer and the message that begins the epoch come on two connections, in any order.
      if (epoch !== this.#epoch) await this.#nextHeads.promise;
      if (epoch !== this.#epoch) throw new Error('Redis lost its memory while events were published');
      const lane = this.#lane(topic);
      if (lane.offset < offset) await lane.reached(offset);
    }
  }

  #lane(topic: string): RedisLane {
    let lane = this.#lanes.get(topic);
    if (!lane) {
      lane = this.#newLane(topic, 0);
      this.#lanes.set(topic, lane);
    }
    return lane;
  }

  #newLane(topic: string, offset: number): RedisLane {
    const epoch = this.#epoch;
    let asked: RedisSession | undefined;
    return new RedisLane(offset, {
      topic,
      read: (from) => {
        asked = this.#session;
        return this.#read(topic, epoch, from);
      },
      deliver: (events) => this.#listener!.onEvents(events),
      lost: (head) => this.#listener!.onEpoch({ topic, epoch, offset: head }),
      // The session that was asked ends, once, however many lanes were reading; its successor begins again from the lane's position.
      failed: (error) => asked?.fail(error.message),
    });
  }

  /** A batch of the history; entries older than the history may be are treated as gone. */
  async #read(topic: string, epoch: string, from: number, to?: number): Promise<TopicEvent[]> {
    const entries = await this.#commands.range(this.#log(topic, epoch), `${from}-0`, to === undefined ? '+' : `${to}-0`, READ_BATCH);
    return this.#kept(entries, epoch);
  }

  #kept(entries: readonly StreamEntry[], epoch: string, sinceMs = 0): TopicEvent[] {
    const oldest = new Date(Math.max(sinceMs, this.#options.wallNow() - this.#options.history.ttlMs)).toISOString();
    return entries.map(([id, fields]) => parseEntry(id, fields, epoch)).filter((event) => event.timestamp >= oldest);
  }

  #log(topic: string, epoch: string): string {
    return `${this.#options.prefix}log:${epoch}:${topic}`;
  }

  #setHealth(health: BrokerHealth): void {
    if (health.state === this.#health.state) return;
    this.#health = health;
    this.#listener!.onHealth(health);
  }
}

/** Nobody may be waiting when it is rejected. */
function withResolvers(): PromiseWithResolvers<void> {
  const resolvers = Promise.withResolvers<void>();
  resolvers.promise.catch(() => {});
  return resolvers;
}

function placeArgs(place: Place | undefined): string[] {
  return place ? [place.newest ?? '', place.behind?.topic ?? '', place.behind?.id ?? ''] : ['*', '', ''];
}

function newEpoch(): string {
  return randomBytes(8).toString('hex');
}

function parseLine(line: string, epoch: string): TopicEvent {
  const [, offset, body] = line.split('\t', 3);
  return { ...(JSON.parse(body!) as NewEvent), epoch, offset: Number(offset) };
}

function parseEntry(id: string, fields: readonly string[], epoch: string): TopicEvent {
  return { ...(JSON.parse(fields[1]!) as NewEvent), epoch, offset: Number.parseInt(id, 10) };
}
