import type { LocksLike } from '../environment.ts';

export interface LeadershipEvents {
  /** This tab leads until `resign` is called or `onDeposed` comes. */
  onElected(): void;
  /** Another tab took the place, because this one had been frozen for too long. */
  onDeposed(): void;
  onProblem(text: string): void;
}

/** Who of the tabs of one scope holds the connection: the holder of a lock, the next in line after it. */
export class Leadership {
  readonly #locks: LocksLike;
  readonly #name: string;
  readonly #events: LeadershipEvents;
  #waiting: AbortController | undefined;
  #resign: (() => void) | undefined;

  constructor(locks: LocksLike, name: string, events: LeadershipEvents) {
    this.#locks = locks;
    this.#name = name;
    this.#events = events;
  }

  /** Waits in line. */
  queueUp(): void {
    this.#waiting = new AbortController();
    this.#request({ signal: this.#waiting.signal });
  }

  /** Takes the place of a leader that does not answer. */
  depose(): void {
    this.#waiting?.abort();
    this.#request({ steal: true });
  }

  /** Gives the place up, or one's place in the line. */
  resign(): void {
    this.#waiting?.abort();
    this.#waiting = undefined;
    this.#resign?.();
    this.#resign = undefined;
  }

  #request(options: { signal?: AbortSignal; steal?: boolean }): void {
    let elected = false;
    const hold = () =>
      new Promise<void>((resolve) => {
        elected = true;
        this.#resign = resolve;
        this.#events.onElected();
      });
    this.#locks.request(this.#name, options, hold).catch((error: unknown) => {
      if (options.signal?.aborted && !elected) return;
      if (!elected) return this.#events.onProblem(`no lock: ${String(error)}`);
      if (!this.#resign) return;
      this.#resign = undefined;
      this.#events.onDeposed();
    });
  }
}
