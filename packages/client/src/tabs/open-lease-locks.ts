import type { Environment, LocksLike } from '../environment.ts';
import { LeaseLocks } from './lease-locks.ts';
import { IndexedDbLeaseTable } from './lease-table.ts';

/** Locks of this origin's tabs over its database and a channel. */
export function openLeaseLocks(env: Environment, indexedDB: IDBFactory, openChannel: NonNullable<Environment['openChannel']>): LocksLike {
  return new LeaseLocks(env, openChannel('clms-leases'), () => IndexedDbLeaseTable.open(indexedDB));
}
