import type { Broker, Cancel, Clock } from '@clms/realtime';
import { newEventId } from '../ids.ts';
import { toInstant } from '../domain/instant.ts';

/** At most four updates a second [DSH1]: a burst of scans is one change of the figures. */
const SPACING_MS = 250;

/** A topic that shows the present state: told when it differs from what was told last. */
export interface StateSource<T> {
  readonly topic: string;
  readonly type: string;
  compute(): Promise<T>;
  /** What counts as a difference; leaves out the time of computing. */
  essence(state: T): unknown;
  /** Facts for filters about what changed since the last update; not asked where several nodes tell. */
  meta?(before: T | undefined, after: T): Record<string, unknown>;
  /** The next instant at which the state changes by itself (a loan becomes overdue), in epoch milliseconds. */
  nextChangeAt?(): Promise<number | undefined>;
}

interface Log {
  error(details: Record<string, unknown>, message: string): void;
}

/** Publishes a state after commits and at the instants at which time alone changes it; nothing when nothing changed. */
export class StateFeed<T> {
  readonly #source: StateSource<T>;
  readonly #broker: Broker;
  /** Paces the updates. */
  readonly #machine: Clock;
  /** The library's clock: instants at which states change by themselves. */
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #alone: boolean;
  #told: T | undefined;
  #toldText: string | undefined;
  #cancelSpacing: Cancel | undefined;
  #cancelChange: Cancel | undefined;
  #lastAtMs = Number.NEGATIVE_INFINITY;
  #working: Promise<void> | undefined;
  #again = false;
  #closed = false;

  constructor(source: StateSource<T>, broker: Broker, clocks: { machine: Clock; library: Clock }, log: Log) {
    // Where other nodes tell the same topic, what this one told last says nothing about what screens show now.
    this.#alone = broker.kind === 'memory';
    this.#source = source;
    this.#broker = broker;
    this.#machine = clocks.machine;
    this.#clock = clocks.library;
    this.#log = log;
  }

  /** Something was committed, or time moved: look whether the state is another one. */
  wake(): void {
    if (this.#closed || this.#cancelSpacing) return;
    const waitMs = this.#lastAtMs + SPACING_MS - this.#machine.now();
    if (waitMs <= 0) this.#start();
    else
      this.#cancelSpacing = this.#machine.setTimer(waitMs, () => {
        this.#cancelSpacing = undefined;
        this.#start();
      });
  }

  /** Resolves when the state told is the present one, without waiting for the pace: for a clock that is moved by hand. */
  async settle(): Promise<void> {
    this.#cancelSpacing?.();
    this.#cancelSpacing = undefined;
    this.#start();
    while (this.#working) await this.#working;
  }

  close(): void {
    this.#closed = true;
    this.#cancelSpacing?.();
    this.#cancelChange?.();
  }

  #start(): void {
    this.#again = true;
    this.#lastAtMs = this.#machine.now();
    this.#working ??= this.#loop()
      .catch((error: unknown) => this.#log.error({ topic: this.#source.topic, err: error }, 'the state could not be computed; the next change tries again'))
      .finally(() => (this.#working = undefined));
  }

  async #loop(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      const state = await this.#source.compute();
      const text = JSON.stringify(this.#source.essence(state));
      if (!this.#alone || text !== this.#toldText) {
        const before = this.#told;
        this.#told = state;
        this.#toldText = text;
        const now = this.#clock.now();
        const meta = this.#alone ? this.#source.meta?.(before, state) : undefined;
        await this.#broker.publish([{ id: newEventId(now), topic: this.#source.topic, type: this.#source.type, timestamp: toInstant(now), data: state, ...(meta && { meta }) }]);
      }
      await this.#armChange();
    }
  }

  async #armChange(): Promise<void> {
    this.#cancelChange?.();
    const at = await this.#source.nextChangeAt?.();
    if (at === undefined || this.#closed) return;
    this.#cancelChange = this.#clock.setTimer(Math.max(1, at - this.#clock.now()), () => this.wake());
  }
}
