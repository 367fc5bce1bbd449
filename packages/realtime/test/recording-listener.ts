import type { BrokerHealth, BrokerListener, Signal, TopicEvent, TopicPosition } from '../src/broker.ts';

/** Keeps what a broker told, and lets a test wait for it. */
export class RecordingListener implements BrokerListener {
  readonly events: TopicEvent[] = [];
  readonly epochs: TopicPosition[] = [];
  readonly signals: Signal[] = [];
  readonly health: BrokerHealth[] = [];
  readonly #waiters = new Set<() => void>();

  onEvents(events: readonly TopicEvent[]): void {
    this.events.push(...events);
    this.#wake();
  }

  onEpoch(position: TopicPosition): void {
    this.epochs.push(position);
    this.#wake();
  }

  onSignal(signal: Signal): void {
    this.signals.push(signal);
    this.#wake();
  }

  onHealth(health: BrokerHealth): void {
    this.health.push(health);
    this.#wake();
  }

  /** Resolves as soon as `holds`, judged after everything told. */
  async until(holds: (told: RecordingListener) => boolean): Promise<void> {
    while (!holds(this)) {
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiters.delete(wake);
          resolve();
        };
        this.#waiters.add(wake);
      });
    }
  }

  #wake(): void {
    for (const wake of this.#waiters) wake();
  }
}
