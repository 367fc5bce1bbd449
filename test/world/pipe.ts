import type { Clock } from '../../packages/realtime/src/clock.ts';

interface Parcel {
  readonly at: number;
  readonly arrive: () => void;
}

/** One direction of a connection: what is sent arrives later and in order. A shut pipe holds everything back, a broken one loses it. */
export class Pipe {
  readonly #clock: Clock;
  readonly #delayMs: () => number;
  #parcels: Parcel[] = [];
  #lastAt = 0;
  #state: 'open' | 'shut' | 'broken' = 'open';
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, delayMs: () => number) {
    this.#clock = clock;
    this.#delayMs = delayMs;
  }

  send(arrive: () => void, slownessMs = 0): void {
    if (this.#state === 'broken') return;
    this.#lastAt = Math.max(this.#lastAt + slownessMs, this.#clock.now() + this.#delayMs());
    this.#parcels.push({ at: this.#lastAt, arrive });
    this.#schedule();
  }

  get isBroken(): boolean {
    return this.#state === 'broken';
  }

  shut(): void {
    if (this.#state !== 'open') return;
    this.#state = 'shut';
    this.#stop();
  }

  open(): void {
    if (this.#state !== 'shut') return;
    this.#state = 'open';
    this.#schedule();
  }

  break(): void {
    this.#state = 'broken';
    this.#parcels = [];
    this.#stop();
  }

  #stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #schedule(): void {
    const next = this.#parcels[0];
    if (this.#cancel || !next || this.#state !== 'open') return;
    this.#cancel = this.#clock.setTimer(next.at - this.#clock.now(), () => {
      this.#cancel = undefined;
      const parcel = this.#parcels.shift();
      this.#schedule();
      parcel?.arrive();
    });
  }
}
