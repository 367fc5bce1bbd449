import type { ErrorData, ServerEnvelope, SubscribableTopic } from '@clms/protocol';
import type { Cancel } from './clock.ts';
import type { Environment } from './environment.ts';
import type { WireFilters } from './filters.ts';
import { TopicEntry } from './topic-entry.ts';
import { TopicFrames, type FrameEvents } from './topic-frames.ts';
import { isKnownTopic } from './topic-reducers.ts';
import type { HandedState } from './tabs/tab-messages.ts';
import type { WireSubscription } from './transport.ts';

/** Where subscriptions go: the server, or the tab that holds the connection. */
export interface SubscriptionSink {
  /** The subscriptions of now are already on their way: they went out with the request that opened the connection. */
  readonly opened?: boolean;
  subscribe(wanted: WireSubscription): void;
  unsubscribe(topic: SubscribableTopic): void;
}

export interface HubEvents extends FrameEvents {
  /** Every topic now stands where the server does, or was refused. */
  onSettled(): void;
}

/** After a failure inside the server, and where it gives no time of its own. */
const RETRY_AFTER_MS = 2_000;

/** All topics of this client: turns holds into subscriptions, and keeps the wire in line with them. */
export class TopicHub {
  readonly #env: Environment;
  readonly #events: HubEvents;
  readonly #report: (error: unknown) => void;
  readonly #frames: TopicFrames;
  readonly #entries = new Map<SubscribableTopic, TopicEntry>();
  readonly #retries = new Map<SubscribableTopic, Cancel>();
  #sink: SubscriptionSink | undefined;

  constructor(env: Environment, events: HubEvents, report: (error: unknown) => void) {
    this.#env = env;
    this.#report = report;
    this.#events = events;
    this.#frames = new TopicFrames(this, events);
  }

  /**
   * Holds a topic until `release`. Holders of one topic share one subscription, whose filters let through what any of them wants.
   * The release takes effect a turn later: a component that unmounts and mounts again at once keeps its subscription [CL9].
   */
  hold(topic: SubscribableTopic, filters: WireFilters): () => void {
    const entry = this.entry(topic);
    const key = Symbol(topic);
    entry.holds.set(key, filters);
    this.#sync(entry);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#env.setTimer(0, () => {
        entry.holds.delete(key);
        this.#sync(entry);
      });
    };
  }

  /** The topic's entry, made on first sight. There are at most as many as topics. */
  entry(topic: SubscribableTopic): TopicEntry {
    let entry = this.#entries.get(topic);
    if (!entry) {
      entry = new TopicEntry(topic, this.#env.now(), this.#report);
      this.#entries.set(topic, entry);
    }
    return entry;
  }

  /** The topic's entry, if somebody holds it. */
  held(topic: string): TopicEntry | undefined {
    const entry = isKnownTopic(topic) ? this.#entries.get(topic) : undefined;
    return entry && entry.holds.size > 0 ? entry : undefined;
  }

  /** Everything held and not refused, as a read-only transport puts it into its request. */
  wanted(): WireSubscription[] {
    return this.#held().filter(({ phase }) => phase.state !== 'refused').map(wireSubscription);
  }

  /** A connection is there: every subscription goes out, from its last position where it has one. */
  connected(sink: SubscriptionSink): void {
    this.#sink = sink;
    const held = this.#held();
    for (const entry of held) {
      if (sink.opened) this.#requested(entry);
      else this.#subscribe(entry);
    }
    if (held.length === 0) this.#events.onSettled();
  }

  disconnected(): void {
    this.#sink = undefined;
    for (const cancel of this.#retries.values()) cancel();
    this.#retries.clear();
    for (const entry of this.#entries.values()) {
      entry.wireFilters = undefined;
      if (entry.phase.state === 'offline') continue;
      entry.phase = { state: 'offline', since: this.#env.now() };
      entry.notify();
    }
  }

  /** Another user: no position and no state of the last one may be used [CL6]. */
  clear(): void {
    for (const entry of this.#entries.values()) {
      this.#clear(entry);
      entry.notify();
    }
  }

  /** Asks again for one topic from its position, unless that is under way. */
  resubscribe(topic: SubscribableTopic): void {
    const entry = this.held(topic);
    if (entry && entry.phase.state !== 'requested') this.#subscribe(entry);
  }

  /** Takes a frame of the connection. */
  handle(frame: ServerEnvelope): void {
    this.#frames.handle(frame);
  }

  /** The server refused a `subscribe`. Limits and failures pass, so those are asked again. */
  refused(topic: string, error: ErrorData): void {
    const entry = this.held(topic);
    if (!entry || entry.phase.state !== 'requested') return;
    if (error.code === 'INVALID_MESSAGE' || error.code === 'UNAUTHORIZED') return this.refuse(entry.topic, error.code, error.message);
    const afterMs = Number(error.details?.['retryAfterMs'] ?? RETRY_AFTER_MS);
    this.#retries.get(entry.topic)?.();
    this.#retries.set(entry.topic, this.#env.setTimer(afterMs, () => {
      this.#retries.delete(entry.topic);
      if (entry.holds.size > 0) this.#subscribe(entry);
    }));
    // One topic in trouble must not hold back the messages that wait for the others to catch up.
    this.settle();
  }

  /** The topic is not to be had. */
  refuse(topic: SubscribableTopic, code: string, message: string): void {
    const entry = this.entry(topic);
    entry.phase = { state: 'refused', code, message };
    entry.notify();
    this.settle();
  }

  /** The state of a topic as the tab with the connection holds it. */
  adopt(topic: SubscribableTopic, held: HandedState): void {
    const entry = this.entry(topic);
    if (entry.holds.size === 0) return;
    const before = entry.position;
    entry.adopt(held);
    entry.notify();
    if (before) this.#frames.skipped(entry, before);
    this.settle();
  }

  /** Says so if no topic waits for its state any more. */
  settle(): void {
    const waits = this.#held().some(({ topic, phase }) => !this.#retries.has(topic) && (phase.state === 'requested' || phase.state === 'replaying'));
    if (!waits) this.#events.onSettled();
  }

  #held(): TopicEntry[] {
    return [...this.#entries.values()].filter((entry) => entry.holds.size > 0);
  }

  /** Brings the wire in line with the holds of one topic. */
  #sync(entry: TopicEntry): void {
    if (entry.holds.size > 0) {
      if (this.#sink && (!entry.covered() || entry.phase.state === 'refused')) this.#subscribe(entry);
      return;
    }
    // The position goes with the subscription: what happens from now on will not have been seen.
    const subscribed = entry.wireFilters !== undefined;
    this.#clear(entry);
    if (subscribed) this.#sink?.unsubscribe(entry.topic);
  }

  #clear(entry: TopicEntry): void {
    entry.forget();
    entry.phase = { state: 'offline', since: this.#env.now() };
  }

  #subscribe(entry: TopicEntry): void {
    if (!this.#sink) return;
    this.#requested(entry);
    this.#sink.subscribe(wireSubscription(entry));
  }

  #requested(entry: TopicEntry): void {
    entry.wireFilters = entry.wantedFilters();
    entry.phase = { state: 'requested' };
    entry.notify();
  }
}

function wireSubscription(entry: TopicEntry): WireSubscription {
  const filters = entry.wantedFilters();
  const since = entry.resumePoint();
  return { topic: entry.topic, ...(Object.keys(filters).length > 0 && { filters }), ...(since && { since }) };
}

