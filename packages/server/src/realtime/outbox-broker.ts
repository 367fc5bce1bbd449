import type { Broker, BrokerHealth, BrokerListener, History, NewEvent, Signal, TopicEvent, TopicPosition } from '@clms/realtime';
import { appendToOutbox } from '../store/outbox.ts';
import type { Store } from '../store/open-store.ts';
import type { Relay } from './relay.ts';

/**
 * A broker whose `publish` goes through the outbox first, so that direct messages and events from outside survive a restart like committed
 * changes do. Topics that only show the present state (`transient`) go straight to the inner broker.
 */
export class OutboxBroker implements Broker {
  /** [UP5][RATE1] Several nodes count a user's connections and messages together, or each would grant them anew. */
  readonly limits?: NonNullable<Broker['limits']>;
  readonly #store: Store;
  readonly #inner: Broker;
  readonly #relay: Relay;
  readonly #transient: ReadonlySet<string>;

  constructor(store: Store, inner: Broker, relay: Relay, transient: ReadonlySet<string>) {
    this.#store = store;
    this.#inner = inner;
    if (inner.limits) this.limits = inner.limits;
    this.#relay = relay;
    this.#transient = transient;
  }

  get kind(): Broker['kind'] {
    return this.#inner.kind;
  }

  async publish(events: readonly NewEvent[]): Promise<TopicPosition[]> {
    const durable = events.filter((event) => !this.#transient.has(event.topic));
    if (durable.length > 0) {
      await this.#store.transaction((tx) => appendToOutbox(tx, this.#store.kind, durable));
      await this.#relay.catchUp();
    }
    // The durable ones are known by now: a broker that sees an id again answers with its first position [ORD2].
    return this.#inner.publish(events);
  }

  start(listener: BrokerListener): Promise<void> {
    return this.#inner.start(listener);
  }

  position(topic: string): TopicPosition {
    return this.#inner.position(topic);
  }

  since(topic: string, after: { readonly epoch: string; readonly offset: number }): Promise<History> {
    return this.#inner.since(topic, after);
  }

  recent(topic: string, limit: number, sinceMs?: number): Promise<readonly TopicEvent[]> {
    return this.#inner.recent(topic, limit, sinceMs);
  }

  forget(topic: string, ids: readonly string[]): Promise<void> {
    return this.#inner.forget(topic, ids);
  }

  signal(signal: Signal): Promise<void> {
    return this.#inner.signal(signal);
  }

  health(): BrokerHealth {
    return this.#inner.health();
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}
