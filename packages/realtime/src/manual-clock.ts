import type { Cancel, Clock } from './clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
}

/** A clock that moves only when told. Timers fire in order of time, those of the same instant in order of setting. */
export class ManualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(startMs: number) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  setTimer(delayMs: number, fire: () => void): Cancel {
    const timer: Timer = { at: this.#now + Math.max(0, delayMs), order: this.#order++, fire };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves time forward; every timer due on the way, new ones included, fires at its own instant. */
  advance(byMs: number): void {
    const end = this.#now + byMs;
    for (let next = this.#next(end); next; next = this.#next(end)) this.#fire(next);
    this.#now = end;
  }

  /** Like `advance`, but lets promises settle after each timer, so that asynchronous work started by one is seen by the next. */
  async advanceAsync(byMs: number, settle: () => Promise<void>): Promise<void> {
    const end = this.#now + byMs;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#fire(next);
      await settle();
    }
    this.#now = end;
    await settle();
  }

  /** Time passes and nothing fires, as on a device that sleeps: what was due is late. */
  sleep(byMs: number): void {
    this.#now += byMs;
  }

  /** How many timers wait: a closed thing must leave none. */
  get pending(): number {
    return this.#timers.size;
  }

  #fire(timer: Timer): void {
    this.#timers.delete(timer);
    this.#now = Math.max(this.#now, timer.at);
    timer.fire();
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= end && (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order))) next = timer;
    }
    return next;
  }
}
