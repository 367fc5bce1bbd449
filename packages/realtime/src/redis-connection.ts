import type { Clock } from './clock.ts';

/** The few commands that the engine sends, over one connection that never comes back by itself. */
export interface RedisConnection {
  eval(script: string, args: readonly (string | number)[]): Promise<unknown>;
  /** Entries of a stream between two ids, both included, oldest first: flat field lists as Redis gives them. */
  range(key: string, from: string, to: string, count: number): Promise<readonly StreamEntry[]>;
  /** Newest entries, newest first. */
  newest(key: string, count: number): Promise<readonly StreamEntry[]>;
  publish(channel: string, message: string): Promise<void>;
  subscribe(channels: readonly string[], onMessage: (channel: string, message: string) => void): Promise<void>;
  /** Breaks the connection at once; waiting commands are rejected. Safe to call again. */
  destroy(): void;
}

export type StreamEntry = readonly [id: string, fields: readonly string[]];

export type OpenRedis = (url: string, clock: Clock, deadlineMs: number, onEnd: (reason: string) => void) => Promise<RedisConnection>;

/**
 * Opens one connection, or rejects after `deadlineMs`. No reconnecting, no offline queue: whoever holds a connection that fails makes
 * a new one and knows that nothing was silently repeated or half resubscribed.
 */
export async function openRedis(url: string, clock: Clock, deadlineMs: number, onEnd: (reason: string) => void): Promise<RedisConnection> {
  // Most servers have no Redis, and need not load its client.
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, { lazyConnect: true, protocol: 2, enableOfflineQueue: false, autoResubscribe: false, enableReadyCheck: false, retryStrategy: null, maxRetriesPerRequest: 0, connectTimeout: deadlineMs, disableClientInfo: true });
  let reason = 'the connection to Redis ended';
  redis.on('error', (error: Error) => (reason = error.message));
  redis.once('end', () => onEnd(reason));
  const within = <T>(work: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const cancel = clock.setTimer(deadlineMs, () => reject(new Error(`Redis did not answer within ${deadlineMs} ms`)));
      void work.then(resolve, reject).finally(cancel);
    });
  try {
    await within(redis.connect());
  } catch (error) {
    redis.disconnect();
    throw error;
  }
  return {
    eval: (script, args) => within(redis.eval(script, 0, ...args)),
    range: (key, from, to, count) => within(redis.xrange(key, from, to, 'COUNT', count)),
    newest: (key, count) => within(redis.xrevrange(key, '+', '-', 'COUNT', count)),
    publish: async (channel, message) => void (await within(redis.publish(channel, message))),
    subscribe: async (channels, onMessage) => {
      redis.on('message', onMessage);
      await within(redis.subscribe(...channels));
    },
    destroy: () => redis.disconnect(),
  };
}
