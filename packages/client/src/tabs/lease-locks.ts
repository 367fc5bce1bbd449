import type { Cancel } from '../clock.ts';
import type { ChannelLike, Environment, LocksLike } from '../environment.ts';
import type { LeaseTable } from './lease-table.ts';

/** A tab that died without a word is missed after this time. */
const LEASE_MS = 10_000;
const RENEW_EVERY_MS = 3_000;
/** Timers of hidden pages fire as rarely as once a minute, and such a page is not to lose what it has. */
const HIDDEN_LEASE_MS = 75_000;
/** Holders known to have gone; older ones have run out by then. */
const GONE_REMEMBERED = 200;

/**
 * Locks between tabs where the browser has no Web Locks: pages by plain http from another machine, as on a school's LAN. The browser
 * does not take a lock from a tab that died, so each is held on a lease that its holder keeps renewing; a holder that was frozen past
 * its lease finds another one in its place, and its request fails as if the lock had been stolen.
 */
export class LeaseLocks implements LocksLike {
  readonly #env: Environment;
  readonly #channel: ChannelLike;
  /** Undefined where the browser does not let anything be stored. */
  readonly #table: Promise<LeaseTable | undefined>;
  /** What this tab holds: name by holder. */
  readonly #held = new Map<string, string>();
  readonly #gone = new Set<string>();
  readonly #waiting = new Set<() => void>();

  constructor(env: Environment, channel: ChannelLike, openTable: () => Promise<LeaseTable>) {
    this.#env = env;
    this.#channel = channel;
    this.#table = openTable().catch((error: unknown) => {
      env.log('error', 'This browser does not let tabs agree; each is on its own', error);
      return undefined;
    });
    channel.listen((holder) => this.#left(holder as string));
    env.onLeave?.(() => void this.#leave());
  }

  async request(name: string, { signal, steal = false }: { signal?: AbortSignal; steal?: boolean }, granted: () => Promise<void>): Promise<void> {
    const table = await this.#table;
    signal?.throwIfAborted();
    if (!table) return granted();
    const holder = this.#env.newId();
    await this.#take(table, name, holder, steal, signal);
    this.#held.set(holder, name);
    let cancelRenewal: Cancel = () => {};
    const lost = new Promise<never>((_, reject) => {
      const renewLater = () => {
        cancelRenewal = this.#env.setTimer(RENEW_EVERY_MS, () => {
          table.renew(name, holder, this.#until()).then((kept) => {
            if (!this.#held.has(holder)) return;
            if (kept) renewLater();
            else reject(new DOMException(`The lock ${name} went to another tab`, 'AbortError'));
          }, reject);
        });
      };
      renewLater();
    });
    try {
      await Promise.race([granted(), lost]);
    } finally {
      cancelRenewal();
      this.#held.delete(holder);
      await table.give(name, holder);
      this.#channel.post(holder);
      // A channel does not hear itself, and the next in line may be in this very tab.
      this.#left(holder);
    }
  }

  /** Resolves when the lease is taken; rejects when `signal` says that it is not wanted any more. */
  async #take(table: LeaseTable, name: string, holder: string, steal: boolean, signal: AbortSignal | undefined): Promise<void> {
    const isGone = (other: string) => steal || this.#gone.has(other);
    let wake = () => {};
    let stirred = false;
    const stir = () => {
      stirred = true;
      wake();
    };
    // Listening begins before the first look: what is given away in between must not be missed.
    this.#waiting.add(stir);
    signal?.addEventListener('abort', stir);
    try {
      for (;;) {
        stirred = false;
        const nowMs = this.#env.now();
        const takenUntilMs = await table.take({ name, holder, nowMs, untilMs: this.#until(), isGone });
        if (signal?.aborted && takenUntilMs === undefined) await table.give(name, holder);
        signal?.throwIfAborted();
        if (takenUntilMs === undefined) return;
        const left = new Promise<void>((resolve) => (wake = resolve));
        const cancelTimer = this.#env.setTimer(Math.max(0, takenUntilMs - this.#env.now()), wake);
        if (!stirred) await left;
        cancelTimer();
        signal?.throwIfAborted();
      }
    } finally {
      this.#waiting.delete(stir);
      signal?.removeEventListener('abort', stir);
    }
  }

  #until(): number {
    return this.#env.now() + (this.#env.hidden() ? HIDDEN_LEASE_MS : LEASE_MS);
  }

  /** The page goes, perhaps too fast for the table to be written: the word alone frees what it held. */
  async #leave(): Promise<void> {
    for (const holder of this.#held.keys()) this.#channel.post(holder);
    const table = await this.#table;
    for (const [holder, name] of this.#held) await table?.give(name, holder);
  }

  #left(holder: string): void {
    this.#gone.add(holder);
    if (this.#gone.size > GONE_REMEMBERED) this.#gone.delete(this.#gone.values().next().value!);
    for (const stir of this.#waiting) stir();
  }
}
