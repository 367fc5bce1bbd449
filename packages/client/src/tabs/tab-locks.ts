import type { Environment, LocksLike } from '../environment.ts';

/** Locks between the tabs of this browser: Web Locks, or leases where those are missing; undefined where tabs cannot meet at all. */
export function tabLocks(env: Environment): LocksLike | undefined {
  const { locks, indexedDB, openChannel } = env;
  if (locks || !indexedDB || !openChannel) return locks;
  let leases: Promise<LocksLike> | undefined;
  // Fetched on demand: most pages have Web Locks.
  return {
    request: async (...asked) => (await (leases ??= import('./open-lease-locks.ts').then(({ openLeaseLocks }) => openLeaseLocks(env, indexedDB, openChannel)))).request(...asked),
  };
}
