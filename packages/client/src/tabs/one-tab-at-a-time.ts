import type { Environment } from '../environment.ts';
import { hostEnvironment } from '../host-environment.ts';
import { tabLocks } from './tab-locks.ts';

/**
 * Runs one thing at a time under a name, over all tabs of this browser. For what two tabs must not do at once, such as trading a
 * refresh token: the second would present a token that the first has just spent. Where tabs cannot meet at all, it just runs.
 */
export function oneTabAtATime(name: string, env: Environment = hostEnvironment()): <V>(run: () => Promise<V>) => Promise<V> {
  const locks = tabLocks(env);
  return async (run) => {
    let running: ReturnType<typeof run> | undefined;
    try {
      await locks?.request(name, {}, async () => void (await (running = run())));
    } catch (error) {
      // Once it runs its own result counts, even if a tab frozen for long lost the lock on the way.
      if (!running) throw error;
    }
    return running ?? run();
  };
}
