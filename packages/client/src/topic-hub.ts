import type { ErrorData, Position, ServerEnvelope, SubscribableTopic } from '@clms/protocol';
import type { Environment } from './environment.ts';
import type { WireFilters } from './filters.ts';
import { TopicEntry } from './topic-entry.ts';
import { TopicFrames, type FrameEvents } from './topic-frames.ts';
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
  readonly #frames: TopicFrames;
  readonly #entries = new Map<SubscribableTopic, TopicEntry>();
  #sink: SubscriptionSink | undefined;

  constructor(env: Environment, events: HubEvents) {
    this.#env = env;
    this.#events = events;
    this.#frames = new TopicFrames(this, events);
  }

  /**
   * Holds a topic until `release`. Holders of one topic share one subscription, whose filters let through what any of them wants.
   * The release takes effect a turn later: a component that unmounts and mounts again at once keeps its subscription [CL9].
   * `heard` is how far the other tab for which this is has heard the topic.
   */
  hold(topic: SubscribableTopic, filters: WireFilters, forTab = false, heard?: Position): () => void {
    const entry = this.entry(topic);
    const hold = { filters, forTab };
    entry.holds.add(hold);
    this.#sync(entry, heard);
    return () => {
      this.#env.setTimer(0, () => {
        entry.holds.delete(hold);
        this.#sync(entry);
      });
    };
  }

  /** The topic's entry, made on first sight. There are at most as many as topics. */
  entry(topic: SubscribableTopic): TopicEntry {
    let entry = this.#entries.get(topic);
    if (!entry) {
      entry = new TopicEntry(topic, this.#env);
      this.#entries.set(topic, entry);
    }
    return entry;
  }

  /** The topic's entry, if somebody holds it. */
  held(topic: string): TopicEntry | undefined {
    const entry = this.#entries.get(topic as SubscribableTopic);
    return entry?.holds.size ? entry : undefined;
  }

  /** Everything held and not refused, as a read-only transport puts it into its request. */
  wanted(): WireSubscription[] {
    return this.#held().filter(({ phase }) => phase.state !== 'refused').map((entry) => wireSubscription(entry));
  }

  /** A connection is there: every subscription goes out, from its last position where it has one. */
  connected(sink: SubscriptionSink): void {
    this.#sink = sink;
    for (const entry of this.#held()) {
      if (sink.opened) this.#requested(entry);
      else this.#subscribe(entry);
    }
  }

  disconnected(): void {
    this.#sink = undefined;
    for (const entry of this.#entries.values()) {
      if (entry.phase.state === 'offline') continue;
      entry.disconnected();
      entry.notify();
    }
  }

  /** Another user: no position and no state of the last one may be used [CL6]. */
  clear(): void {
    for (const entry of this.#entries.values()) {
      entry.forget();
      entry.notify();
    }
  }

  /** Asks again for one topic from its position, unless that is under way. */
  resubscribe(topic: SubscribableTopic): void {
    const entry = this.held(topic);
    if (entry && !entry.asked) this.#subscribe(entry);
  }

  /** Takes a frame of the connection. */
  handle(frame: ServerEnvelope): void {
    this.#frames.handle(frame);
  }

  /** The server refused a `subscribe`. Limits and failures pass, so those are asked again. */
  refused(topic: string, error: ErrorData): void {
    const entry = this.held(topic);
    if (entry?.phase.state !== 'requested') return;
    if (error.code === 'INVALID_MESSAGE' || error.code === 'UNAUTHORIZED') return this.refuse(entry.topic, error.code, error.message);
    const afterMs = Number(error.details?.['retryAfterMs'] ?? RETRY_AFTER_MS);
    const postponed = (entry.phase = { state: 'postponed' });
    this.#env.setTimer(afterMs, () => {
      if (entry.phase === postponed) this.#subscribe(entry);
    });
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

  /**
   * Whether an event that came by these filters, to the tab with the connection, is to be taken here. Before that tab knows what this one
   * wants, its filters may be narrower, and what they left out would go unnoticed.
   */
  hears(topic: string, filters: WireFilters | undefined): boolean {
    const entry = this.held(topic);
    return !entry?.position || entry.phase.state !== 'requested' || entry.coveredBy(filters);
  }

  /** Lets the server repeat what came after `heard`, for a tab that has heard less than this one. */
  replay(topic: SubscribableTopic, heard: Position): void {
    this.#subscribe(this.entry(topic), heard);
  }

  /**
   * The state of a topic as the tab with the connection holds it. Where events lie between it and what this tab has heard, those come
   * first: the answer is the position to repeat from. `repeatedFrom` is the offset from which that has just been tried.
   */
  adopt(topic: SubscribableTopic, held: HandedState, repeatedFrom = Infinity): Position | undefined {
    const entry = this.held(topic);
    // One by narrower filters was told before that tab knew what this one wants: another follows.
    if (!entry?.coveredBy(held.filters)) return undefined;
    const { position } = entry;
    const sameEpoch = position?.epoch === held.position.epoch;
    const missed = position && !(sameEpoch && position.offset >= held.newest);
    if (missed && sameEpoch && position.offset < repeatedFrom) {
      entry.phase = { state: 'requested' };
      entry.notify();
      return position;
    }
    entry.adopt(held);
    entry.notify();
    if (missed) this.#frames.skipped(entry, position);
    this.settle();
    return undefined;
  }

  /** Says so if no topic waits for its state any more. */
  settle(): void {
    const waits = this.#held().some(({ phase }) => phase.state === 'requested' || phase.state === 'replaying');
    if (!waits) this.#events.onSettled();
  }

  #held(): TopicEntry[] {
    return [...this.#entries.values()].filter((entry) => entry.holds.size > 0);
  }

  /** Brings the wire in line with the holds of one topic. */
  #sync(entry: TopicEntry, heard?: Position): void {
    if (entry.holds.size > 0) {
      if (this.#sink && (!entry.coveredBy(entry.wireFilters) || entry.phase.state === 'refused')) this.#subscribe(entry, heard);
      return;
    }
    // The position goes with the subscription: what happens from now on will not have been seen.
    const subscribed = entry.wireFilters !== undefined;
    entry.forget();
    if (subscribed) this.#sink?.unsubscribe(entry.topic);
  }

  #subscribe(entry: TopicEntry, heard?: Position): void {
    const sink = this.#sink;
    if (!sink) return;
    // Read-only ways resume from this tab's own positions.
    const wanted = wireSubscription(entry, sink.opened ? undefined : heard);
    this.#requested(entry, wanted.since?.offset);
    sink.subscribe(wanted);
  }

  #requested(entry: TopicEntry, from?: number): void {
    entry.wireFilters = entry.wantedFilters();
    // From here on events come by these filters, so that is what the state can vouch for.
    if (entry.covered) entry.loadedFilters = entry.wireFilters;
    entry.phase = { state: 'requested', from };
    entry.notify();
  }
}

/** One replay serves this tab and another that has heard up to `heard`: it begins at the lower position. */
function wireSubscription(entry: TopicEntry, heard?: Position): WireSubscription {
  const filters = entry.wantedFilters();
  const { position = heard } = entry;
  const since = heard && position?.epoch === heard.epoch && position.offset > heard.offset ? heard : position;
  return { topic: entry.topic, filters: Object.keys(filters).length > 0 ? filters : undefined, since, snapshot: (since && !entry.covered) || undefined };
}

