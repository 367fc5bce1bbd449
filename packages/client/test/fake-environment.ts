import type { ChannelLike, Environment, LocksLike, WakeSignal } from '../src/environment.ts';
import { ManualClock } from '../../realtime/src/manual-clock.ts';
import { FakeSocket } from './fake-socket.ts';

export const START_AT = Date.parse('2026-03-02T08:00:00.000Z');

/** Lets everything that waits for promises go on. */
export const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
};

/** Surroundings under a test's control: its clock, its chance, its sockets. */
export class FakeEnvironment implements Environment {
  readonly clock: ManualClock;
  readonly sockets: FakeSocket[] = [];
  readonly logged: { readonly level: string; readonly text: string; readonly detail?: unknown }[] = [];
  readonly settings = new Map<string, string>();
  /** What `random` answers next; the last one stays. */
  chances: number[] = [0];
  isHidden = false;
  isConstrained = false;
  locks?: LocksLike;
  openChannel?: (name: string) => ChannelLike;
  indexedDB?: IDBFactory;
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  readonly #wakeListeners = new Set<(signal: WakeSignal) => void>();
  #ids = 0;
  readonly #name: string;

  constructor(clock = new ManualClock(START_AT), name = 'id') {
    this.clock = clock;
    this.#name = name;
  }

  now = (): number => this.clock.now();
  setTimer = (delayMs: number, fire: () => void): (() => void) => this.clock.setTimer(delayMs, fire);
  random = (): number => (this.chances.length > 1 ? this.chances.shift()! : this.chances[0]!);
  newId = (): string => `${this.#name}${++this.#ids}`;
  hidden = (): boolean => this.isHidden;
  constrained = (): boolean => this.isConstrained;
  setting = (name: string): string | null => this.settings.get(name) ?? null;

  openSocket = (url: string, protocols: readonly string[]): FakeSocket => {
    const socket = new FakeSocket(url, protocols, (what) => this.run(what));
    this.sockets.push(socket);
    return socket;
  };

  onWake = (listener: (signal: WakeSignal) => void): (() => void) => {
    this.#wakeListeners.add(listener);
    return () => this.#wakeListeners.delete(listener);
  };

  log = (level: 'debug' | 'error', text: string, detail?: unknown): void => {
    this.logged.push({ level, text, ...(detail !== undefined && { detail }) });
  };

  /** Does what happens from outside. */
  run(what: () => void): void {
    what();
  }

  wake(signal: WakeSignal): void {
    for (const listener of this.#wakeListeners) listener(signal);
  }

  get wakeListeners(): number {
    return this.#wakeListeners.size;
  }

  async advance(byMs: number): Promise<void> {
    await settle();
    await this.clock.advanceAsync(byMs, settle);
  }

  /** The newest socket. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error('no socket was opened');
    return socket;
  }
}
