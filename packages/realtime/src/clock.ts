/** Cancels a timer; calling it again, or after the timer fired, does nothing. */
export type Cancel = () => void;

/** Time as the rest of the code may see it. Injected everywhere, so that tests own it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Runs `fire` once, `delayMs` or later from now. A timer never keeps the process alive. */
  setTimer(delayMs: number, fire: () => void): Cancel;
}

/** Longest delay Node's timers hold; anything longer would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's own clock: the only place that reads it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(delayMs, fire) {
    if (delayMs > LONGEST_TIMER_MS) {
      let cancel = systemClock.setTimer(LONGEST_TIMER_MS, () => {
        cancel = systemClock.setTimer(delayMs - LONGEST_TIMER_MS, fire);
      });
      return () => cancel();
    }
    const timer = setTimeout(fire, Math.max(0, delayMs));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
