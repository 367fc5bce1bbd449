import type { Environment, WakeSignal, WebSocketLike } from '../../packages/client/src/environment.ts';
import type { Clock } from '../../packages/realtime/src/clock.ts';
import type { SeededRandom } from '../../packages/realtime/test/seeded-random.ts';

/** Timers of hidden pages fire as rarely as this. */
const HIDDEN_TICK_MS = 60_000;

export type OpenSocket = (protocols: readonly string[], device: Device) => WebSocketLike;

/** A browser on a computer that sleeps, is hidden, and has a clock of its own. */
export class Device implements Environment {
  readonly problems: unknown[] = [];
  #asleep = false;
  #hidden = false;
  #constrained = false;
  #skewMs = 0;
  #ids = 0;
  #missed: (() => void)[] = [];
  readonly #name: string;
  readonly #clock: Clock;
  readonly #chance: SeededRandom;
  readonly #open: OpenSocket;
  readonly #wakeListeners = new Set<(signal: WakeSignal) => void>();

  constructor(name: string, clock: Clock, chance: SeededRandom, open: OpenSocket) {
    this.#name = name;
    this.#clock = clock;
    this.#chance = chance;
    this.#open = open;
  }

  now = (): number => this.#clock.now() + this.#skewMs;
  random = (): number => this.#chance.next();
  newId = (): string => `${this.#name}-${++this.#ids}`;
  hidden = (): boolean => this.#hidden;
  constrained = (): boolean => this.#constrained;
  setting = (): string | null => null;
  openSocket = (_url: string, protocols: readonly string[]): WebSocketLike => this.#open(protocols, this);
  log = (level: 'debug' | 'error', text: string, detail?: unknown): void => void (level === 'error' && this.problems.push(`${text}: ${String(detail)}`));

  setTimer = (delayMs: number, fire: () => void): (() => void) => {
    const throttleMs = this.#hidden && delayMs >= 1000 ? HIDDEN_TICK_MS - (this.#clock.now() % HIDDEN_TICK_MS) : 0;
    let cancelled = false;
    const cancel = this.#clock.setTimer(Math.max(delayMs, throttleMs), () => this.run(() => void (cancelled || fire())));
    return () => {
      cancelled = true;
      cancel();
    };
  };

  onWake = (listener: (signal: WakeSignal) => void): (() => void) => {
    this.#wakeListeners.add(listener);
    return () => this.#wakeListeners.delete(listener);
  };

  /** Something happens on the device: now, or as soon as it is awake. */
  run(work: () => void): void {
    if (this.#asleep) this.#missed.push(work);
    else work();
  }

  sleep(): void {
    this.#asleep = true;
  }

  /** What was missed comes in the order that it came in or the other way round: nothing says whether timers or the network are first. */
  wake(): void {
    if (!this.#asleep) return;
    this.#asleep = false;
    const missed = this.#missed;
    this.#missed = [];
    if (this.#chance.next() < 0.5) this.#signal('online');
    for (const work of missed) work();
    this.#signal('visible');
  }

  hide(hidden: boolean): void {
    this.#hidden = hidden;
    if (!hidden) this.#signal('visible');
  }

  constrain(constrained: boolean): void {
    this.#constrained = constrained;
  }

  /** Somebody sets the clock, forward or back. */
  setClock(skewMs: number): void {
    this.#skewMs = skewMs;
  }

  /** Back to how a device should be. */
  mend(): void {
    this.wake();
    this.hide(false);
    this.constrain(false);
  }

  get wakeListeners(): number {
    return this.#wakeListeners.size;
  }

  #signal(signal: WakeSignal): void {
    for (const listener of Array.from(this.#wakeListeners)) listener(signal);
  }
}
