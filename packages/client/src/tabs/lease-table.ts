import { answered, finished } from '../indexed-db.ts';

export interface LeaseClaim {
  readonly name: string;
  readonly holder: string;
  /** Milliseconds since the epoch, by this device's clock, which all its tabs share. */
  readonly nowMs: number;
  readonly untilMs: number;
  /** Whether a holder's lease counts no more, though its time is not over. */
  readonly isGone: (holder: string) => boolean;
}

/** Who of the tabs of a browser has what, until when. Each call is one step that no other tab comes between. */
export interface LeaseTable {
  /** Takes the lease, unless another's is good: then the instant when that one ends. */
  take(claim: LeaseClaim): Promise<number | undefined>;
  /** False = the lease is another's by now. */
  renew(name: string, holder: string, untilMs: number): Promise<boolean>;
  give(name: string, holder: string): Promise<void>;
}

interface Lease {
  readonly name: string;
  readonly holder: string;
  readonly untilMs: number;
}

const LEASES = 'leases';

/** Leases in the browser's database, whose transactions are the one thing that excludes other tabs where Web Locks are missing. */
export class IndexedDbLeaseTable implements LeaseTable {
  readonly #db: IDBDatabase;

  private constructor(db: IDBDatabase) {
    this.#db = db;
  }

  /** Throws where the browser forbids storing. */
  static async open(factory: IDBFactory): Promise<IndexedDbLeaseTable> {
    const request = factory.open('clms-leases', 1);
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(LEASES, { keyPath: 'name' }));
    return new IndexedDbLeaseTable(await answered(request));
  }

  take({ name, holder, nowMs, untilMs, isGone }: LeaseClaim): Promise<number | undefined> {
    return this.#change(name, (lease, leases) => {
      if (lease && lease.untilMs > nowMs && !isGone(lease.holder)) return lease.untilMs;
      leases.put({ name, holder, untilMs } satisfies Lease);
      return undefined;
    });
  }

  renew(name: string, holder: string, untilMs: number): Promise<boolean> {
    return this.#change(name, (lease, leases) => {
      if (lease?.holder !== holder) return false;
      leases.put({ name, holder, untilMs } satisfies Lease);
      return true;
    });
  }

  give(name: string, holder: string): Promise<void> {
    return this.#change(name, (lease, leases) => {
      if (lease?.holder === holder) leases.delete(name);
    });
  }

  async #change<V>(name: string, step: (lease: Lease | undefined, leases: IDBObjectStore) => V): Promise<V> {
    const tx = this.#db.transaction(LEASES, 'readwrite', { durability: 'relaxed' });
    const leases = tx.objectStore(LEASES);
    const result = step(await answered<Lease | undefined>(leases.get(name)), leases);
    await finished(tx);
    return result;
  }
}
