/**
 * Keeps components from being drawn more often than somebody can see. News after a quiet time is passed on at once; what follows is passed
 * on together at the next beat. Nothing is lost by it: listeners are told that the store changed, and read it then.
 */
export class RenderPace {
  readonly #afterMs: (delayMs: number, run: () => void) => void;
  readonly #beatMs: number;
  /** Listeners told during this beat or the last; true = there was more news since. Bounded by the mounted components. */
  readonly #told = new Map<() => void, boolean>();
  #beating = false;

  /** `beatMs` 0 = everything is passed on at once. */
  constructor(beatMs: number, afterMs: (delayMs: number, run: () => void) => void) {
    this.#beatMs = beatMs;
    this.#afterMs = afterMs;
  }

  /** `subscribe` of a store, at this pace. */
  paced(subscribe: (listener: () => void) => () => void): (listener: () => void) => () => void {
    if (this.#beatMs === 0) return subscribe;
    return (listener) => {
      const own = () => listener();
      const leave = subscribe(() => this.#news(own));
      return () => {
        leave();
        this.#told.delete(own);
      };
    };
  }

  #news(listener: () => void): void {
    const resting = this.#told.has(listener);
    this.#told.set(listener, resting);
    if (resting) return;
    this.#beat();
    listener();
  }

  #beat(): void {
    if (this.#beating) return;
    this.#beating = true;
    this.#afterMs(this.#beatMs, () => {
      this.#beating = false;
      // All in one turn: React draws them together.
      const due = [...this.#told].filter(([, more]) => more).map(([listener]) => listener);
      this.#told.clear();
      for (const listener of due) this.#told.set(listener, false);
      if (due.length > 0) this.#beat();
      for (const listener of due) listener();
    });
  }
}
