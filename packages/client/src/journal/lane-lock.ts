import type { Environment } from '../environment.ts';
import type { JournalStore } from './journal-store.ts';

/** Longer than one request may take, so that a lease cannot run out under a request in flight. */
const LEASE_MS = 45_000;

/** Runs the sending for one workstation in one tab at a time [CL5]. */
export interface LaneLock {
  /**
   * Runs `run` when no other tab runs it. `renew` is to be asked before each step; false = the right was lost, stop. Resolves to false
   * if another tab has the right and it is not known when it ends.
   */
  hold(workstation: string, run: (renew: () => Promise<boolean>) => Promise<void>): Promise<boolean>;
}

/** By Web Locks where there are some: the browser frees them when a tab dies. Else by a lease in the store, which runs out. */
export function laneLock(env: Environment, store: JournalStore, name: string): LaneLock {
  const { locks } = env;
  if (locks) {
    return {
      async hold(workstation, run) {
        await locks.request(`${name}:${workstation}`, {}, () => run(async () => true));
        return true;
      },
    };
  }
  const holder = env.newId();
  return {
    async hold(workstation, run) {
      const renew = () => store.lease(workstation, holder, env.now(), env.now() + LEASE_MS);
      if (!(await renew())) return false;
      try {
        await run(renew);
      } finally {
        await store.release(workstation, holder);
      }
      return true;
    },
  };
}
