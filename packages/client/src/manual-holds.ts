import type { SubscribableTopic } from '@clms/protocol';
import { filterKey, type WireFilters } from './filters.ts';
import type { TopicHub } from './topic-hub.ts';

interface Holds {
  /** How often `subscribe` was called without `unsubscribe`. */
  count: number;
  /** By filters; kept until the last `unsubscribe`, since nobody says which of them it gives up. */
  readonly byFilters: Map<string, () => void>;
  /** Of the last `subscribe` message; like on the wire, each replaces the one before. */
  message?: { readonly key: string; readonly release: () => void };
}

/** Topics held by name alone: `subscribe(topic)` … `unsubscribe(topic)`, and `subscribe` messages written by hand. */
export class ManualHolds {
  readonly #hub: TopicHub;
  readonly #topics = new Map<SubscribableTopic, Holds>();

  constructor(hub: TopicHub) {
    this.#hub = hub;
  }

  subscribe(topic: SubscribableTopic, filters: WireFilters): void {
    const holds = this.#of(topic);
    holds.count++;
    const key = filterKey(filters);
    if (!holds.byFilters.has(key)) holds.byFilters.set(key, this.#hub.hold(topic, filters));
  }

  unsubscribe(topic: SubscribableTopic): void {
    const holds = this.#topics.get(topic);
    if (!holds || holds.count === 0 || --holds.count > 0) return;
    for (const release of holds.byFilters.values()) release();
    holds.byFilters.clear();
  }

  /** A `subscribe` message. Sent again with the same filters it asks the server again. */
  subscribeByMessage(topic: SubscribableTopic, filters: WireFilters): void {
    const holds = this.#of(topic);
    const key = filterKey(filters);
    if (holds.message?.key === key) return this.#hub.resubscribe(topic);
    const before = holds.message;
    holds.message = { key, release: this.#hub.hold(topic, filters) };
    before?.release();
  }

  /** An `unsubscribe` message: gives up everything held by name. */
  unsubscribeByMessage(topic: SubscribableTopic): void {
    const holds = this.#topics.get(topic);
    this.#topics.delete(topic);
    holds?.message?.release();
    for (const release of holds?.byFilters.values() ?? []) release();
  }

  #of(topic: SubscribableTopic): Holds {
    const holds = this.#topics.get(topic) ?? { count: 0, byFilters: new Map() };
    this.#topics.set(topic, holds);
    return holds;
  }
}
