import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { vi } from 'vitest';
import type { ChannelLike, LocksLike } from '../src/environment.ts';
import { LeaseLocks } from '../src/tabs/lease-locks.ts';
import { ManualClock } from '../../realtime/src/manual-clock.ts';
import { MemoryLeaseTable } from './memory-lease-table.ts';
import { FakeEnvironment, START_AT } from './fake-environment.ts';

vi.stubGlobal('IDBKeyRange', IDBKeyRange);

interface Waiting {
  readonly tab: FakeTab;
  readonly run: () => void;
  readonly fail: (error: unknown) => void;
}

interface Lock {
  holder: Waiting | undefined;
  readonly queue: Waiting[];
}

/** One tab of a browser, which may die, or be frozen: then whatever is to happen in it waits. */
export class FakeTab extends FakeEnvironment {
  #state: 'awake' | 'frozen' | 'dead' = 'awake';
  readonly #waiting: (() => void)[] = [];
  readonly #leaving: (() => void)[] = [];

  override setTimer = (delayMs: number, fire: () => void): (() => void) => this.clock.setTimer(delayMs, () => this.run(fire));

  get awake(): boolean {
    return this.#state === 'awake';
  }

  override run(what: () => void): void {
    if (this.#state === 'awake') what();
    else if (this.#state === 'frozen') this.#waiting.push(what);
  }

  freeze(): void {
    this.#state = 'frozen';
  }

  thaw(): void {
    this.#state = 'awake';
    for (const what of this.#waiting.splice(0)) what();
  }

  /** The process ends: nothing happens in it any more, not even what was already under way. */
  die(): void {
    this.#state = 'dead';
  }

  /** The page is closed as users close it: it hears of it, and then it is no more. */
  onLeave = (listener: () => void): void => {
    this.#leaving.push(listener);
  };

  leave(): void {
    for (const listener of this.#leaving) listener();
    this.die();
  }
}

/** A browser with tabs that share locks, channels and a database, as real ones do. */
export class FakeBrowser {
  readonly clock = new ManualClock(START_AT);
  readonly indexedDB = new IDBFactory();
  /** For tabs without Web Locks. */
  readonly leases = new MemoryLeaseTable();
  readonly #locks = new Map<string, Lock>();
  readonly #ears = new Map<string, { readonly tab: FakeTab; readonly hear: (data: unknown) => void }[]>();
  #tabs = 0;

  /** `leases` = as on a page by plain http: locks are made of leases that tabs agree on. */
  openTab({ locks = true, leases = false } = {}): FakeTab {
    const tab = new FakeTab(this.clock, `tab${++this.#tabs}_`);
    tab.openChannel = (name) => this.#channel(tab, name);
    if (leases) tab.locks = new LeaseLocks(tab, tab.openChannel('leases'), async () => this.leases);
    else if (locks) tab.locks = this.#locksOf(tab);
    tab.indexedDB = this.indexedDB;
    return tab;
  }

  /** The tab's process ends without a word: its locks go on, its timers and channels are no more. */
  kill(tab: FakeTab): void {
    tab.die();
    for (const lock of this.#locks.values()) {
      const mine = lock.queue.filter((waiting) => waiting.tab === tab);
      for (const waiting of mine) lock.queue.splice(lock.queue.indexOf(waiting), 1);
      if (lock.holder?.tab === tab) this.#passOn(lock);
    }
  }

  #passOn(lock: Lock): void {
    lock.holder = lock.queue.shift();
    lock.holder?.run();
  }

  #locksOf(tab: FakeTab): LocksLike {
    return {
      request: (name, { signal, steal }, granted) =>
        new Promise<void>((resolve, reject) => {
          const lock = this.#locks.get(name) ?? { holder: undefined, queue: [] };
          this.#locks.set(name, lock);
          const waiting: Waiting = {
            tab,
            fail: (error) => tab.run(() => reject(error)),
            run: () => tab.run(() => {
              void Promise.resolve()
                .then(granted)
                .finally(() => {
                  if (lock.holder === waiting) this.#passOn(lock);
                })
                .then(resolve, reject);
            }),
          };
          signal?.addEventListener('abort', () => {
            const at = lock.queue.indexOf(waiting);
            if (at < 0) return;
            lock.queue.splice(at, 1);
            reject(new DOMException('aborted', 'AbortError'));
          });
          if (steal) {
            lock.holder?.fail(new DOMException('stolen', 'AbortError'));
            lock.holder = undefined;
            lock.queue.unshift(waiting);
          } else lock.queue.push(waiting);
          if (!lock.holder) this.#passOn(lock);
        }),
    };
  }

  #channel(tab: FakeTab, name: string): ChannelLike {
    const ears = this.#ears.get(name) ?? [];
    this.#ears.set(name, ears);
    let open = true;
    return {
      listen: (listener) => {
        ears.push({ tab, hear: (data) => tab.run(() => open && listener(data)) });
      },
      post: (data) => {
        if (!open || !tab.awake) return;
        const copy = structuredClone(data);
        for (const ear of ears) if (ear.tab !== tab) queueMicrotask(() => ear.hear(structuredClone(copy)));
      },
      close: () => {
        open = false;
      },
    };
  }
}
