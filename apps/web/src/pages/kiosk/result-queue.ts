import { LONGEST_SHOWN_MS, SHORTEST_SHOWN_MS, type KioskView } from './kiosk-view.ts';

export interface QueueState {
  readonly shown: KioskView | undefined;
  /** Results behind the one that is shown. */
  readonly waiting: number;
}

export interface QueueTimers {
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  setTimer(delayMs: number, fire: () => void): () => void;
}

/** Results kept for showing. A class that rushes in makes twenty; beyond the bound the oldest unseen is skipped: what it did is done. */
const WAITING_LIMIT = 50;

/**
 * Shows results one after another: each for at least 1.2 s, so that nobody's own is overwritten by the next child's, and the last for a few
 * seconds.
 */
export class ResultQueue {
  readonly #timers: QueueTimers;
  readonly #listeners = new Set<() => void>();
  readonly #waiting: KioskView[] = [];
  #state: QueueState = { shown: undefined, waiting: 0 };
  #shownAt = 0;
  #cancel: () => void = () => {};

  constructor(timers: QueueTimers) {
    this.#timers = timers;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly getState = (): QueueState => this.#state;

  push(view: KioskView): void {
    if (this.#waiting.length === WAITING_LIMIT) this.#waiting.shift();
    this.#waiting.push(view);
    this.#proceed();
  }

  close(): void {
    this.#cancel();
  }

  #proceed(): void {
    const { shown } = this.#state;
    const shownForMs = this.#timers.now() - this.#shownAt;
    const dueMs = shown === undefined ? 0 : this.#waiting.length > 0 ? SHORTEST_SHOWN_MS : LONGEST_SHOWN_MS[shown.tone];
    if (shownForMs >= dueMs || shown === undefined) {
      this.#show(this.#waiting.shift());
      return;
    }
    this.#set({ shown, waiting: this.#waiting.length });
    this.#again(dueMs - shownForMs);
  }

  #show(next: KioskView | undefined): void {
    this.#shownAt = this.#timers.now();
    this.#set({ shown: next, waiting: this.#waiting.length });
    if (next) this.#again(this.#waiting.length > 0 ? SHORTEST_SHOWN_MS : LONGEST_SHOWN_MS[next.tone]);
    else this.#cancel();
  }

  #again(delayMs: number): void {
    this.#cancel();
    this.#cancel = this.#timers.setTimer(delayMs, () => this.#proceed());
  }

  #set(state: QueueState): void {
    if (state.shown === this.#state.shown && state.waiting === this.#state.waiting) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
