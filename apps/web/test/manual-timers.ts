/** Timers that fire when the test says so. */
export class ManualTimers {
  #now = 0;
  #timers: { readonly at: number; readonly fire: () => void }[] = [];

  now = (): number => this.#now;

  setTimer = (delayMs: number, fire: () => void): (() => void) => {
    const timer = { at: this.#now + delayMs, fire };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  };

  /** Goes forward, firing what falls due in order. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#now = next.at;
      next.fire();
    }
    this.#now = until;
  }
}
