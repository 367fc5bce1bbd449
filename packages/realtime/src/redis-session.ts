import type { Cancel, Clock } from './clock.ts';
import { openRedis, type RedisConnection } from './redis-connection.ts';
import { CANARY } from './redis-scripts.ts';

export interface SessionOptions {
  readonly url: string;
  readonly prefix: string;
  readonly nodeId: string;
  readonly clock: Clock;
  /** Between two canaries. */
  readonly canaryMs: number;
  /** What an answer or a canary may take before the session counts as dead. */
  readonly deadlineMs: number;
  newEpoch(): string;
}

/** Where every topic stands in Redis, as of one place in the stream of messages. */
export interface Heads {
  readonly epoch: string;
  readonly offsets: ReadonlyMap<string, number>;
}

export interface SessionListener {
  onEvents(message: string): void;
  onSignal(message: string): void;
  /** Everything published before it has been handed to `onEvents`, or was lost on the way. */
  onHeads(heads: Heads): void;
  /** Once, when the session is of no use any more. */
  onEnd(reason: string): void;
}

/**
 * A pair of connections, one for commands and one that listens, alive only as long as both are proven: every canary goes out on the one and
 * has to come back on the other. A subscriber that is connected but hears nothing is the fault that nobody notices otherwise.
 */
export class RedisSession {
  readonly #options: SessionOptions;
  readonly #listener: SessionListener;
  #commands: RedisConnection | undefined;
  #subscriber: RedisConnection | undefined;
  #timer: Cancel = () => {};
  #sent = 0;
  #heard = 0;
  #firstHeard: (() => void) | undefined;
  #ended = false;

  constructor(options: SessionOptions, listener: SessionListener) {
    this.#options = options;
    this.#listener = listener;
  }

  /** Resolves after the first canary came back; rejects (and ends) when it does not in time. */
  async open(): Promise<void> {
    const { url, clock, deadlineMs, prefix } = this.#options;
    try {
      const connect = () => openRedis(url, clock, deadlineMs, (reason) => this.#end(reason));
      [this.#commands, this.#subscriber] = await both(connect(), connect());
      await this.#subscriber.subscribe([`${prefix}events`, `${prefix}signals`, this.#ownChannel], (channel, message) => this.#onMessage(channel, message));
      await new Promise<void>((resolve, reject) => {
        this.#firstHeard = resolve;
        const cancel = clock.setTimer(deadlineMs, () => reject(new Error(`Redis delivered nothing within ${deadlineMs} ms`)));
        this.#firstHeard = () => {
          cancel();
          resolve();
        };
        this.#sendCanary().catch(reject);
      });
    } catch (error) {
      this.close();
      throw error;
    }
    this.#timer = clock.setTimer(this.#options.canaryMs, () => this.#beat());
  }

  get commands(): RedisConnection {
    if (!this.#commands || this.#ended) throw new Error('not connected to Redis');
    return this.#commands;
  }

  /** Ends without telling the listener. */
  close(): void {
    this.#ended = true;
    this.#timer();
    this.#commands?.destroy();
    this.#subscriber?.destroy();
  }

  get #ownChannel(): string {
    return `${this.#options.prefix}node:${this.#options.nodeId}`;
  }

  #onMessage(channel: string, message: string): void {
    if (this.#ended) return;
    if (channel !== this.#ownChannel) {
      if (channel.endsWith('events')) this.#listener.onEvents(message);
      else this.#listener.onSignal(message);
      return;
    }
    const [number, epoch, ...lines] = message.split('\n');
    this.#heard = Number(number);
    this.#listener.onHeads({ epoch: epoch!, offsets: new Map(lines.filter(Boolean).map((line) => line.split('\t')).map(([topic, offset]) => [topic!, Number(offset)])) });
    this.#firstHeard?.();
  }

  async #sendCanary(): Promise<void> {
    const { prefix, nodeId, newEpoch } = this.#options;
    await this.commands.eval(CANARY, [prefix, newEpoch(), nodeId, ++this.#sent]);
  }

  #beat(): void {
    const { clock, canaryMs, deadlineMs } = this.#options;
    this.#sendCanary().catch((error: Error) => this.#end(error.message));
    const expected = this.#sent;
    const cancelDeadline = clock.setTimer(deadlineMs, () => this.#heard < expected && this.#end(`Redis delivered nothing within ${deadlineMs} ms`));
    const cancelNext = clock.setTimer(canaryMs, () => this.#beat());
    this.#timer = () => {
      cancelDeadline();
      cancelNext();
    };
  }

  #end(reason: string): void {
    if (this.#ended) return;
    this.close();
    this.#listener.onEnd(reason);
  }
}

/** Both or neither: a connection whose partner failed is broken off. */
async function both(first: Promise<RedisConnection>, second: Promise<RedisConnection>): Promise<[RedisConnection, RedisConnection]> {
  const outcomes = await Promise.allSettled([first, second]);
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (!failed) return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<RedisConnection>).value) as [RedisConnection, RedisConnection];
  for (const outcome of outcomes) if (outcome.status === 'fulfilled') outcome.value.destroy();
  throw failed.reason;
}
