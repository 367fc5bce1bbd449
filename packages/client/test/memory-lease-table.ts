import type { LeaseClaim, LeaseTable } from '../src/tabs/lease-table.ts';

/** Leases of a browser without its database: each call is one step, as a transaction is. */
export class MemoryLeaseTable implements LeaseTable {
  readonly #leases = new Map<string, { readonly holder: string; readonly untilMs: number }>();

  async take({ name, holder, nowMs, untilMs, isGone }: LeaseClaim): Promise<number | undefined> {
    const lease = this.#leases.get(name);
    if (lease && lease.untilMs > nowMs && !isGone(lease.holder)) return lease.untilMs;
    this.#leases.set(name, { holder, untilMs });
    return undefined;
  }

  async renew(name: string, holder: string, untilMs: number): Promise<boolean> {
    if (this.#leases.get(name)?.holder !== holder) return false;
    this.#leases.set(name, { holder, untilMs });
    return true;
  }

  async give(name: string, holder: string): Promise<void> {
    if (this.#leases.get(name)?.holder === holder) this.#leases.delete(name);
  }
}
