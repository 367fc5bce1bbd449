/** Cancels a timer; calling it again, or after the timer fired, does nothing. */
export type Cancel = () => void;

/** The `Cancel` of no timer. */
export const noTimer: Cancel = () => {};

/** Time as the SDK may see it. */
export interface Clock {
  /** Milliseconds since the Unix epoch, by this device's clock. */
  now(): number;
  /** Runs `fire` once, `delayMs` (at most 24 days, the most that timers hold) or later from now. */
  setTimer(delayMs: number, fire: () => void): Cancel;
}

/** The device's own clock: the only place that reads it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimer(delayMs, fire) {
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
};
