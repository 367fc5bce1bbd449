import type { Position, SubscribableTopic } from '@clms/protocol';
import { Emitter } from './emitter.ts';
import type { Environment } from './environment.ts';
import { coversFilters, mergedFilters, normalFilters, type WireFilters } from './filters.ts';
import type { Freshness, TopicStatus } from './freshness.ts';
import type { ReducibleEvent } from './read-models.ts';
import type { HandedState } from './tabs/tab-messages.ts';
import { TOPIC_REDUCERS, type TopicReducer } from './topic-reducers.ts';
import { INBOX } from './wire-constants.ts';

/** Where one topic stands on the present connection. */
export type TopicPhase =
  | { readonly state: 'offline'; readonly since: number }
  /** The server refused for now; it is asked again later. */
  | { readonly state: 'postponed' }
  /** `subscribe` is on its way; `from` is set where it resumes for another tab, whose position may not be this one's. */
  | { readonly state: 'requested'; readonly from?: number | undefined }
  /** The server replays; the end is announced by a `position`, or shown by an event beyond `until`. */
  | { readonly state: 'replaying'; readonly until: number }
  | { readonly state: 'live' }
  | { readonly state: 'refused'; readonly code: string; readonly message: string };

export interface Hold {
  readonly filters: WireFilters;
  /** For another tab: what passes is not for this one's application. */
  readonly forTab: boolean;
}

/** What an event means for the topic that it belongs to. */
export type Verdict = 'applied' | 'repeated' | 'lost';

/**
 * One topic of this client: who holds it with which filters, the position [POS1], and the read model. It sends nothing; the hub does.
 */
export class TopicEntry<S = unknown> {
  readonly topic: SubscribableTopic;
  readonly holds = new Set<Hold>();
  phase!: TopicPhase;
  position: Position | undefined;
  /** Whoever has reached this offset has heard every event of the subscription; `position` may lie beyond it. */
  newest = 0;
  provenAt: string | undefined;
  state: S;
  /** Filters that `state` and `position` vouch for; undefined until the server gave them. */
  loadedFilters: WireFilters | undefined;
  /** Rises with every change that listeners are told of. */
  version = 0;
  /** Filters of the subscription that the server knows or is being told of. */
  wireFilters: WireFilters | undefined;
  /** `state` holds every event up to here, heard or not. */
  #loadedTo = 0;
  readonly #env: Environment;
  readonly #reducer: TopicReducer<S>;
  readonly #changes: Emitter<void>;

  constructor(topic: SubscribableTopic, env: Environment) {
    this.topic = topic;
    this.#env = env;
    this.#changes = new Emitter(env);
    this.#reducer = TOPIC_REDUCERS[topic] as unknown as TopicReducer<S>;
    this.state = this.#reducer.empty;
    this.disconnected();
  }

  /**
   * What has to be on the wire for all holders together. The state of a station is not filtered there: of one that no longer passes, the
   * server would say nothing, and it would stay in view as it was.
   */
  wantedFilters(): WireFilters {
    const { status: _status, ...filters } = mergedFilters(Array.from(this.holds, (hold) => hold.filters));
    return filters;
  }

  /** The server has not answered the `subscribe` yet. */
  get asked(): boolean {
    return this.phase.state === 'requested' || this.phase.state === 'postponed';
  }

  /** Whether the state, and what follows its position by its filters, is all that the holders want. If not, only a snapshot will do. */
  get covered(): boolean {
    return this.coveredBy(this.loadedFilters);
  }

  /** Whether what comes by these filters is all that the holders want. */
  coveredBy(filters: WireFilters | undefined): boolean {
    return filters !== undefined && coversFilters(filters, this.wantedFilters());
  }

  /** Takes one event. The position moves before anybody hears of the event, so that a handler that fails cannot make it come again. */
  take(event: ReducibleEvent, prev: number): Verdict {
    const reached = this.position?.offset ?? -1;
    this.newest = Math.max(this.newest, event.offset);
    if (event.offset <= reached) return 'repeated';
    // Everybody is subscribed to the inbox from the start: what comes of it before its position is known is kept.
    if (prev > reached && (this.position || this.topic !== INBOX)) return 'lost';
    if (event.offset > this.#loadedTo) this.state = this.#reducer.apply(this.state, event);
    if (event.timestamp > (this.provenAt ?? '')) this.provenAt = event.timestamp;
    this.advance(event.offset);
    return 'applied';
  }

  /** The server replays what came after `from`, up to `until`. */
  recover(from: number, until: number, filters: object): void {
    this.loadedFilters = normalFilters(filters as WireFilters);
    this.newest = Math.min(this.newest, from);
    this.phase = from >= until ? { state: 'live' } : { state: 'replaying', until };
  }

  /** The state as of `position`, in the wire's form. */
  replace(position: Position, snapshot: unknown, filters: object): void {
    const state = snapshot === undefined || snapshot === null ? this.#reducer.empty : this.#reducer.fromSnapshot(snapshot);
    this.adopt({ position, newest: position.offset, state, filters: normalFilters(filters as WireFilters) });
  }

  /** The state as another tab holds it, or as a snapshot gave it. */
  adopt(held: HandedState<S>): void {
    this.position = held.position;
    this.#loadedTo = held.position.offset;
    this.newest = held.newest;
    this.state = held.state;
    this.loadedFilters = held.filters;
    this.provenAt = held.provenAt ?? this.provenAt;
    this.phase = { state: 'live' };
  }

  /** Nothing more for this subscription up to `offset`. */
  advance(offset: number): void {
    const { position, phase } = this;
    if (!position) return;
    if (offset > position.offset) this.position = { ...position, offset };
    if (phase.state === 'replaying' && this.position!.offset >= phase.until) this.phase = { state: 'live' };
  }

  prove(at: string): void {
    if (this.phase.state === 'live') this.provenAt = at;
    this.notify();
  }

  /** Nothing is on the wire any more. */
  disconnected(): void {
    this.wireFilters = undefined;
    this.phase = { state: 'offline', since: this.#env.now() };
  }

  /** Forgets everything that the server gave: it belonged to another user, or is not for this one any more. */
  forget(): void {
    this.position = this.provenAt = this.loadedFilters = undefined;
    this.state = this.#reducer.empty;
    this.#loadedTo = 0;
    this.disconnected();
  }

  freshness(): Freshness {
    const { phase, provenAt } = this;
    if (phase.state === 'offline') return { state: 'stale', since: phase.since, provenAt };
    return phase.state === 'live' && provenAt !== undefined ? { state: 'live', provenAt } : { state: 'catching_up', provenAt };
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
