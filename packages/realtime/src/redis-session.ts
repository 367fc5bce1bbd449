import type { Cancel, Clock } from './clock.ts';
import type { OpenRedis, RedisConnection } from './redis-connection.ts';
import { CANARY } from './redis-scripts.ts';

export interface SessionOptions {
  readonly url: string;
  readonly open: OpenRedis;
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
  #state: { readonly kind: 'opening'; readonly fail: (error: Error) => void; readonly succeed: () => void } | { readonly kind: 'open' } | { readonly kind: 'ended' } | undefined;
  #timer: Cancel = () => {};
  #sent = 0;
  #sentAt = 0;
  #heard = 0;

  constructor(options: SessionOptions, listener: SessionListener) {
    this.#options = options;
    this.#listener = listener;
  }

  /** Resolves after the first canary came back; rejects (and ends) when it does not in time. Once only. */
  open(): Promise<void> {
    const { clock, deadlineMs } = this.#options;
    return new Promise((resolve, reject) => {
      const settle = (then: () => void) => {
        this.#timer();
        then();
      };
      this.#state = {
        kind: 'opening',
        succeed: () => settle(resolve),
        fail: (error) => settle(() => reject(error)),
      };
      this.#timer = clock.setTimer(deadlineMs, () => this.#end(`Redis delivered nothing within ${deadlineMs} ms`));
      this.#connect().catch((error: Error) => this.#end(error.message));
    });
  }

  get commands(): RedisConnection {
    if (!this.#commands || this.#state?.kind === 'ended') throw new Error('not connected to Redis');
    return this.#commands;
  }

  /** A command went wrong: the session is of no use any more, and the listener is told, unless it was before. */
  fail(reason: string): void {
    this.#end(reason);
  }

  /** Ends without telling the listener; an `open` under way is rejected. */
  close(): void {
    const state = this.#state;
    this.#state = { kind: 'ended' };
    if (state?.kind === 'opening') state.fail(new Error('closed'));
    this.#timer();
    this.#commands?.destroy();
    this.#subscriber?.destroy();
  }

  async #connect(): Promise<void> {
    const { url, open, clock, deadlineMs, prefix } = this.#options;
    const connect = () => open(url, clock, deadlineMs, (reason) => this.#end(reason));
    const [commands, subscriber] = await both(connect(), connect());
    if (this.#state?.kind === 'ended') {
      commands.destroy();
      subscriber.destroy();
      return;
    }
    this.#commands = commands;
    this.#subscriber = subscriber;
    await subscriber.subscribe([`${prefix}events`, `${prefix}signals`, this.#ownChannel], (channel, message) => this.#onMessage(channel, message));
    await this.#sendCanary();
  }

  get #ownChannel(): string {
    return `${this.#options.prefix}node:${this.#options.nodeId}`;
  }

  #onMessage(channel: string, message: string): void {
    if (this.#state?.kind === 'ended') return;
    if (channel === `${this.#options.prefix}events`) this.#listener.onEvents(message);
    else if (channel === `${this.#options.prefix}signals`) this.#listener.onSignal(message);
    else this.#onCanary(message);
  }

  #onCanary(message: string): void {
    const [number, epoch, ...lines] = message.split('\n');
    this.#heard = Number(number);
    const heads = lines.filter(Boolean).map((line) => line.split('\t'));
    this.#listener.onHeads({ epoch: epoch!, offsets: new Map(heads.map(([topic, offset]) => [topic!, Number(offset)])) });
    if (this.#state?.kind !== 'opening') return;
    const { succeed } = this.#state;
    this.#state = { kind: 'open' };
    succeed();
    this.#timer = this.#options.clock.setTimer(this.#options.canaryMs, () => this.#beat());
  }

  async #sendCanary(): Promise<void> {
    const { prefix, nodeId, newEpoch, clock } = this.#options;
    this.#sentAt = clock.now();
    await this.commands.eval(CANARY, [prefix, newEpoch(), nodeId, ++this.#sent]);
  }

  #beat(): void {
    const { clock, canaryMs, deadlineMs } = this.#options;
    if (this.#heard === this.#sent) this.#sendCanary().catch((error: Error) => this.#end(error.message));
    else if (clock.now() - this.#sentAt >= deadlineMs) return this.#end(`Redis delivered nothing within ${deadlineMs} ms`);
    this.#timer = clock.setTimer(canaryMs, () => this.#beat());
  }

  #end(reason: string): void {
    const state = this.#state;
    if (state?.kind === 'ended') return;
    this.#state = { kind: 'ended' };
    this.close();
    if (state?.kind === 'opening') state.fail(new Error(reason));
    else this.#listener.onEnd(reason);
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
