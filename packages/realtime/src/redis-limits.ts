import type { Clock } from './clock.ts';
import type { RedisConnection } from './redis-connection.ts';
import { BEAT, CLAIM_PLACES, TAKE_TOKENS, TELL_PLACES } from './redis-limit-scripts.ts';
import type { SharedLimits } from './shared-limits.ts';

/** Longer than this no message and no client waits for a limit. */
const PATIENCE_MS = 250;
/** A node that has not beaten for this long has no connections any more. */
const SILENT_AFTER_MS = 5000;

export interface RedisLimitsOptions {
  readonly prefix: string;
  readonly nodeId: string;
  readonly clock: Clock;
  /** The connection of the moment; throws while there is none. */
  commands(): RedisConnection;
}

/** The limits of users over all nodes, counted where all nodes look: each call is one indivisible step in Redis. */
export class RedisLimits implements SharedLimits {
  readonly #options: RedisLimitsOptions;

  constructor(options: RedisLimitsOptions) {
    this.#options = options;
  }

  async takeTokens(userId: string, count: number, { perSecond, burst }: { readonly perSecond: number; readonly burst: number }): Promise<number> {
    return Number(await this.#run(TAKE_TOKENS, userId, count, perSecond, burst));
  }

  async claimPlaces(userId: string, count: number, limit: number): Promise<boolean> {
    return (await this.#run(CLAIM_PLACES, this.#options.nodeId, userId, count, limit)) === 1;
  }

  async tellPlaces(counts: ReadonlyMap<string, number>): Promise<void> {
    await this.#run(TELL_PLACES, this.#options.nodeId, ...[...counts].flat());
  }

  async beat(): Promise<boolean> {
    return (await this.#run(BEAT, this.#options.nodeId, SILENT_AFTER_MS)) === 1;
  }

  #run(script: string, ...args: readonly (string | number)[]): Promise<unknown> {
    const { clock, prefix, commands } = this.#options;
    return new Promise((resolve, reject) => {
      const cancel = clock.setTimer(PATIENCE_MS, () => reject(new Error(`Redis did not answer within ${PATIENCE_MS} ms`)));
      // `async`, so that a connection that is not there rejects as well.
      const asked = (async () => commands().eval(script, [prefix, ...args]))();
      void asked.then(resolve, reject).finally(cancel);
    });
  }
}
