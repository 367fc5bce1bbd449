import type { Position, ServerEnvelope, SubscribableTopic } from '@clms/protocol';
import { Emitter } from './emitter.ts';
import { coversFilters, mergedFilters, normalFilters, type WireFilters } from './filters.ts';
import type { Freshness, TopicStatus } from './freshness.ts';
import type { ReducibleEvent } from './read-models.ts';
import { TOPIC_REDUCERS, type TopicReducer } from './topic-reducers.ts';

/** Where one topic stands on the present connection. */
export type TopicPhase =
  | { readonly state: 'offline'; readonly since: number }
  /** `subscribe` is on its way. */
  | { readonly state: 'requested' }
  /** The server replays; the end is announced by a `position`, or shown by an event beyond `until`. */
  | { readonly state: 'replaying'; readonly until: number }
  | { readonly state: 'live' }
  | { readonly state: 'refused'; readonly code: string; readonly message: string };

/** What an event means for the topic that it belongs to. */
export type Verdict = 'applied' | 'repeated' | 'lost';

/**
 * One topic of this client: who holds it with which filters, the position [POS1], and the read model. It sends nothing; the hub does.
 */
export class TopicEntry<S = unknown> {
  readonly topic: SubscribableTopic;
  readonly holds = new Map<symbol, WireFilters>();
  phase: TopicPhase;
  position: Position | undefined;
  provenAt: string | undefined;
  state: S;
  /** Filters that `state` and `position` vouch for; undefined until the server gave them. */
  loadedFilters: WireFilters | undefined;
  /** Rises with every change that listeners are told of. */
  version = 0;
  /** Filters of the subscription that the server knows or is being told of. */
  wireFilters: WireFilters | undefined;
  readonly #reducer: TopicReducer<S>;
  readonly #changes: Emitter<void>;

  constructor(topic: SubscribableTopic, now: number, report: (error: unknown) => void) {
    this.topic = topic;
    this.#changes = new Emitter(report);
    this.#reducer = TOPIC_REDUCERS[topic] as unknown as TopicReducer<S>;
    this.state = this.#reducer.empty;
    this.phase = { state: 'offline', since: now };
  }

  /**
   * What has to be on the wire for all holders together. The state of a station is not filtered there: of one that no longer passes, the
   * server would say nothing, and it would stay in view as it was.
   */
  wantedFilters(): WireFilters {
    const { status: _status, ...filters } = mergedFilters([...this.holds.values()]);
    return filters;
  }

  /** Whether a subscription with the present filters brings all that the holders want. */
  covered(): boolean {
    return this.wireFilters !== undefined && coversFilters(this.wireFilters, this.wantedFilters());
  }

  /** Where to go on from, unless more is wanted now than the position vouches for: then only a snapshot will do. */
  resumePoint(): Position | undefined {
    return this.loadedFilters && coversFilters(this.loadedFilters, this.wantedFilters()) ? this.position : undefined;
  }

  /** Takes one event. The position moves before anybody hears of the event, so that a handler that fails cannot make it come again. */
  take(event: ReducibleEvent, prev: number): Verdict {
    if (!this.position) return 'lost';
    if (event.offset <= this.position.offset) return 'repeated';
    if (prev > this.position.offset) return 'lost';
    this.position = { epoch: this.position.epoch, offset: event.offset };
    this.state = this.#reducer.apply(this.state, event);
    this.provenAt = event.timestamp > (this.provenAt ?? '') ? event.timestamp : this.provenAt;
    if (this.phase.state === 'replaying' && event.offset > this.phase.until) this.phase = { state: 'live' };
    return 'applied';
  }

  /** An inbox message that came before the inbox's position is known: kept, without a position. */
  takeUnplaced(event: ReducibleEvent): void {
    this.state = this.#reducer.apply(this.state, event);
  }

  /** The server goes on from our position; `until` is where the replay ends. */
  recover(until: number, filters: object): void {
    this.loadedFilters = normalFilters(filters as WireFilters);
    this.phase = this.position && this.position.offset >= until ? { state: 'live' } : { state: 'replaying', until };
  }

  /** The state as of `position`, in the wire's form. */
  replace(position: Position, snapshot: unknown, filters: object): void {
    const state = snapshot === undefined || snapshot === null ? this.#reducer.empty : this.#reducer.fromSnapshot(snapshot);
    this.adopt({ position, state, filters: normalFilters(filters as WireFilters) });
  }

  /** The state as another tab holds it, or as a snapshot gave it. */
  adopt(held: { readonly position: Position; readonly state: S; readonly filters: WireFilters; readonly provenAt?: string }): void {
    this.position = held.position;
    this.state = held.state;
    this.loadedFilters = held.filters;
    this.provenAt = held.provenAt ?? this.provenAt;
    this.phase = { state: 'live' };
  }

  /** Nothing for this subscription up to `offset`. */
  advance(offset: number): void {
    if (this.position && offset > this.position.offset) this.position = { epoch: this.position.epoch, offset };
    if (this.phase.state === 'replaying' && this.position && this.position.offset >= this.phase.until) this.phase = { state: 'live' };
  }

  prove(at: string): void {
    if (this.phase.state === 'live') this.provenAt = at;
  }

  /** Forgets everything that the server gave: it belonged to another user, or is not for this one any more. */
  forget(): void {
    this.position = undefined;
    this.provenAt = undefined;
    this.state = this.#reducer.empty;
    this.loadedFilters = undefined;
    this.wireFilters = undefined;
  }

  freshness(): Freshness {
    const proof = this.provenAt === undefined ? {} : { provenAt: this.provenAt };
    if (this.phase.state === 'offline') return { state: 'stale', since: this.phase.since, ...proof };
    if (this.phase.state === 'live' && this.provenAt !== undefined) return { state: 'live', provenAt: this.provenAt };
    return { state: 'catching_up', ...proof };
  }

  status(): TopicStatus {
    if (this.phase.state === 'refused') return this.phase;
    return { state: this.loadedFilters ? 'ready' : 'loading' };
  }

  select(filters: WireFilters): S {
    return Object.keys(filters).length === 0 ? this.state : this.#reducer.select(this.state, filters);
  }

  listen(listener: () => void): () => void {
    return this.#changes.on(listener);
  }

  notify(): void {
    this.version++;
    this.#changes.emit();
  }
}

/** The event in a frame of a topic, or undefined if the frame is none. */
export function eventOf(frame: ServerEnvelope): (ReducibleEvent & { readonly topic: string; readonly prev: number }) | undefined {
  const { topic, offset, prev, id, timestamp, type, data } = frame;
  if (topic === undefined || offset === undefined) return undefined;
  return { topic, offset, prev: prev ?? 0, id, timestamp, type, data };
}
