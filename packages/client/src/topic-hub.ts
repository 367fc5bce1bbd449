import type { ErrorData, ServerEnvelope, ServerMessageData, SubscribableTopic } from '@clms/protocol';
import type { Cancel } from './clock.ts';
import type { Environment } from './environment.ts';
import { matchesFilters, type WireFilters } from './filters.ts';
import type { InboxItem } from './read-models.ts';
import { TopicEntry, eventOf } from './topic-entry.ts';
import { isKnownTopic } from './topic-reducers.ts';
import type { HandedState } from './tabs/tab-messages.ts';
import type { WireSubscription } from './transport.ts';
import { INBOX } from './wire-constants.ts';

/** Where subscriptions go: the server, or the tab that holds the connection. */
export interface SubscriptionSink {
  /** The subscriptions of now are already on their way: they went out with the request that opened the connection. */
  readonly opened?: boolean;
  subscribe(wanted: WireSubscription): void;
  unsubscribe(topic: SubscribableTopic): void;
}

export interface HubEvents {
  /** A message for the application, once. Topic events come in order and without repeats. */
  onMessage(frame: ServerEnvelope): void;
  /** The state of a topic was replaced because what happened in between is lost [CL4]. */
  onReset(topic: SubscribableTopic): void;
  /** Every topic now stands where the server does, or was refused. */
  onSettled(): void;
}

/** After a failure inside the server, and where it gives no time of its own. */
const RETRY_AFTER_MS = 2_000;

/** All topics of this client: turns holds into subscriptions, frames into read models, and sees what is missing. */
export class TopicHub {
  readonly #env: Environment;
  readonly #events: HubEvents;
  readonly #entries = new Map<SubscribableTopic, TopicEntry>();
  readonly #retries = new Map<SubscribableTopic, Cancel>();
  #sink: SubscriptionSink | undefined;

  constructor(env: Environment, events: HubEvents) {
    this.#env = env;
    this.#events = events;
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
      entry = new TopicEntry(topic, this.#env.now());
      this.#entries.set(topic, entry);
    }
    return entry;
  }

  /** Everything held, as a read-only transport puts it into its request. */
  wanted(): WireSubscription[] {
    return this.#held().map((entry) => wireSubscription(entry));
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
      entry.clear(this.#env.now());
      entry.notify();
    }
  }

  /** Asks again for one topic from its position, as the application may when it doubts. */
  resubscribe(topic: SubscribableTopic): void {
    const entry = this.#entries.get(topic);
    if (entry && entry.holds.size > 0) this.#subscribe(entry);
  }

  /** Takes a frame of the connection. */
  handle(frame: ServerEnvelope): void {
    const event = eventOf(frame);
    if (event) return this.#takeEvent(frame, event);
    const data = frame.data as never;
    if (frame.type === 'subscribed') this.#subscribed(frame, data);
    else if (frame.type === 'position') this.#position(data, frame.timestamp);
    else if (frame.type === 'pong') return this.#pong(data);
    else if (frame.type === 'gap') this.#gap(data);
    else if (frame.type === 'unsubscribed') this.#unsubscribed(data);
    if (frame.type !== 'position') this.#events.onMessage(frame);
  }

  /** The server refused a `subscribe`. Limits and failures pass, so those are asked again. */
  refused(topic: string, error: ErrorData): void {
    const entry = this.#known(topic);
    if (!entry || entry.phase.state !== 'requested') return;
    if (error.code === 'INVALID_MESSAGE' || error.code === 'UNAUTHORIZED') return this.refuse(entry.topic, error.code, error.message);
    const afterMs = Number(error.details?.['retryAfterMs'] ?? RETRY_AFTER_MS);
    this.#retries.get(entry.topic)?.();
    this.#retries.set(entry.topic, this.#env.setTimer(afterMs, () => {
      this.#retries.delete(entry.topic);
      if (entry.holds.size > 0) this.#subscribe(entry);
    }));
  }

  /** The topic is not to be had. */
  refuse(topic: SubscribableTopic, code: string, message: string): void {
    const entry = this.entry(topic);
    entry.phase = { state: 'refused', code, message };
    entry.notify();
    this.#settle();
  }

  /** The state of a topic as the tab with the connection holds it. */
  adopt(topic: SubscribableTopic, held: HandedState): void {
    const entry = this.entry(topic);
    if (entry.holds.size === 0) return;
    const before = entry.position;
    entry.adopt(held);
    entry.notify();
    if (before && (before.epoch !== held.position.epoch || before.offset < held.position.offset)) {
      // This tab was behind: the state is whole, but the events between have not been heard here.
      if (topic === INBOX) this.#deliver((held.state as readonly InboxItem[]).filter(({ offset }) => offset > before.offset));
      else this.#events.onReset(topic);
    }
    this.#settle();
  }

  /** Whether some topic still waits for its state. */
  get unsettled(): boolean {
    return this.#held().some(({ phase }) => phase.state === 'requested' || phase.state === 'replaying');
  }

  #held(): TopicEntry[] {
    return [...this.#entries.values()].filter((entry) => entry.holds.size > 0);
  }

  #known(topic: string): TopicEntry | undefined {
    return isKnownTopic(topic) ? this.#entries.get(topic) : undefined;
  }

  /** Brings the wire in line with the holds of one topic. */
  #sync(entry: TopicEntry): void {
    if (entry.holds.size > 0) {
      if (this.#sink && (!entry.covered() || entry.phase.state === 'refused')) this.#subscribe(entry);
      return;
    }
    // The position goes with the subscription: what happens from now on will not have been seen.
    const subscribed = entry.wireFilters !== undefined;
    entry.clear(this.#env.now());
    if (subscribed) this.#sink?.unsubscribe(entry.topic);
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

  #takeEvent(frame: ServerEnvelope, event: NonNullable<ReturnType<typeof eventOf>>): void {
    const entry = this.#known(event.topic);
    if (!entry || entry.holds.size === 0) return;
    if (!entry.position && entry.topic === INBOX) {
      entry.takeUnplaced(event);
      this.#events.onMessage(frame);
      return;
    }
    const verdict = entry.take(event, event.prev);
    if (verdict === 'repeated') return;
    if (verdict === 'lost') {
      if (entry.phase.state !== 'requested') this.#subscribe(entry);
      return;
    }
    entry.notify();
    // The subscription may let through more than anybody here asked for: it is shared.
    if (entry.topic === INBOX || [...entry.holds.values()].some((filters) => matchesFilters(entry.topic, event.data, filters))) this.#events.onMessage(frame);
    this.#settle();
  }

  #subscribed(frame: ServerEnvelope, data: ServerMessageData<'subscribed'>): void {
    const entry = this.#known(data.topic);
    if (!entry || entry.holds.size === 0) return;
    const { epoch, offset } = data;
    if (data.recovered === true && entry.position?.epoch === epoch) {
      entry.recover(offset, data.filters);
      entry.prove(frame.timestamp);
    } else {
      const before = entry.topic === INBOX ? (entry.state as readonly InboxItem[]) : [];
      entry.replace({ epoch, offset }, data.snapshot, data.filters);
      entry.prove(frame.timestamp);
      if (data.recovered === false) this.#events.onReset(entry.topic);
      if (entry.topic === INBOX) {
        const seen = new Set(before.map(({ id }) => id));
        this.#deliver((entry.state as readonly InboxItem[]).filter(({ id, delivered }) => !delivered && !seen.has(id)));
      }
    }
    entry.notify();
    this.#settle();
  }

  /** Direct messages that waited for this user reach the application like those that come live [DIR2]. */
  #deliver(items: readonly InboxItem[]): void {
    for (const { id, timestamp, type, data, offset } of items.toReversed()) this.#events.onMessage({ id, timestamp, type, data, topic: INBOX, offset });
  }

  #position({ topic, offset }: ServerMessageData<'position'>, at: string): void {
    const entry = this.#known(topic);
    if (!entry?.position) return;
    entry.advance(offset);
    entry.prove(at);
    entry.notify();
    this.#settle();
  }

  /** The server's account of where each subscription should stand [POS3]. It is true for topics that are not being asked for anew. */
  #pong({ positions, serverTime }: ServerMessageData<'pong'>): void {
    for (const [topic, { epoch, offset, prev }] of Object.entries(positions)) {
      const entry = this.#known(topic);
      if (!entry?.position || entry.phase.state !== 'live') continue;
      if (entry.position.epoch !== epoch || entry.position.offset < prev) {
        this.#subscribe(entry);
        continue;
      }
      entry.advance(offset);
      entry.prove(serverTime);
      entry.notify();
    }
  }

  #gap({ topic }: ServerMessageData<'gap'>): void {
    const entry = this.#known(topic);
    if (entry && entry.holds.size > 0 && entry.phase.state !== 'requested') this.#subscribe(entry);
  }

  #unsubscribed({ topic, reason }: ServerMessageData<'unsubscribed'>): void {
    const entry = this.#known(topic);
    if (!entry || entry.holds.size === 0 || reason === 'REQUESTED') return;
    entry.clear(this.#env.now());
    this.refuse(entry.topic, 'UNAUTHORIZED', reason);
  }

  #settle(): void {
    if (!this.unsettled) this.#events.onSettled();
  }
}

function wireSubscription(entry: TopicEntry): WireSubscription {
  const filters = entry.wantedFilters();
  const since = entry.resumePoint();
  return { topic: entry.topic, ...(Object.keys(filters).length > 0 && { filters }), ...(since && { since }) };
}

