import type { Broker, BrokerListener, NewEvent, Signal, TopicPosition } from '../src/broker.ts';
import { MemoryBroker } from '../src/broker-memory.ts';
import type { Clock } from '../src/clock.ts';

/** Several nodes in one process: one history, told to every node's listener, and signals that reach all of them. */
export class LinkedBrokers {
  readonly #history: MemoryBroker;
  readonly #listeners = new Set<BrokerListener>();

  constructor(clock: Clock) {
    this.#history = new MemoryBroker({ clock });
    void this.#history.start({
      onEvents: (events) => this.#tell((listener) => listener.onEvents(events)),
      onEpoch: () => undefined,
      onSignal: (signal) => this.#tell((listener) => listener.onSignal(signal)),
      onHealth: () => undefined,
    });
  }

  node(): Broker {
    const history = this.#history;
    let own: BrokerListener | undefined;
    return {
      kind: 'redis',
      start: async (listener) => void this.#listeners.add((own = listener)),
      publish: (events: readonly NewEvent[]): Promise<TopicPosition[]> => history.publish(events),
      position: (topic) => history.position(topic),
      since: (topic, after) => history.since(topic, after),
      recent: (topic, limit, sinceMs) => history.recent(topic, limit, sinceMs),
      forget: (topic, ids) => history.forget(topic, ids),
      signal: async (signal: Signal) => void (own && this.#listeners.has(own) && (await history.signal(signal))),
      health: () => ({ state: 'ok' }),
      close: async () => void (own && this.#listeners.delete(own)),
    };
  }

  #tell(how: (listener: BrokerListener) => void): void {
    for (const listener of this.#listeners) how(listener);
  }
}
