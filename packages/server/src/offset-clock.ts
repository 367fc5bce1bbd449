import { systemClock, type Cancel, type Clock } from '@clms/realtime';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly fire: () => void;
  cancel: Cancel;
}

/**
 * The machine's time plus an offset that can be moved forward: the clock of trials and of tests from outside (CLMS_TEST_CLOCK).
 * It goes on by itself between moves. Only the library lives on it; heartbeats, limits and access tokens stay on the machine's clock, or a move
 * would close every socket that watches (docs/adr/002-two-clocks.md).
 */
export class OffsetClock implements Clock {
  #offset = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return systemClock.now() + this.#offset;
  }

  setTimer(delayMs: number, fire: () => void): Cancel {
    const timer: Timer = { at: this.now() + Math.max(0, delayMs), order: this.#order++, fire, cancel: () => undefined };
    timer.cancel = systemClock.setTimer(delayMs, () => this.#fire(timer));
    this.#timers.add(timer);
    return () => {
      timer.cancel();
      this.#timers.delete(timer);
    };
  }

  /** Moves forward; every timer due on the way fires at its own instant, in order, and what it started has settled before the next. */
  async advance(byMs: number, settle: () => Promise<void>): Promise<void> {
    const end = this.now() + byMs;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#offset += Math.max(0, next.at - this.now());
      this.#fire(next);
      await settle();
    }
    this.#offset += Math.max(0, end - this.now());
    await settle();
  }

  #fire(timer: Timer): void {
    timer.cancel();
    if (this.#timers.delete(timer)) timer.fire();
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at <= end && (!next || timer.at < next.at || (timer.at === next.at && timer.order < next.order))) next = timer;
    }
    return next;
  }
}
