import type { Broker } from './broker.ts';
import { BucketMap } from './rate-limit.ts';

/** Between two signs of life to the other nodes. */
const BEAT_EVERY_MS = 1000;
/** After the common count did not answer, a node goes by its own for so long: a slow broker holds up one message a second, not each. */
const ALONE_MS = 1000;
/** Users told of in one step when everything has to be told again. */
const TOLD_AT_ONCE = 1000;

export interface UserLimitsOptions {
  readonly broker: Pick<Broker, 'limits' | 'health'>;
  readonly rate: { readonly perSecond: number; readonly burst: number };
  readonly maxConnectionsPerUser: number;
  now(): number;
  onError(error: unknown, doing: string): void;
}

/**
 * What one user may do over all connections and nodes: messages [RATE1] and connections [UP5]. This node's own count is judged first, then, where
 * there are several nodes, the common one; while that cannot be reached, this node's own count stands.
 */
export class UserLimits {
  readonly #options: UserLimitsOptions;
  readonly #buckets: BucketMap;
  /** Connections of this node by user, those that are just coming included. */
  readonly #places = new Map<string, number>();
  #beatMs = Number.NEGATIVE_INFINITY;
  #aloneUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: UserLimitsOptions) {
    this.#options = options;
    this.#buckets = new BucketMap(options.rate);
  }

  /** 0, or the milliseconds after which the user may send so much. */
  async takeTokens(userId: string, count: number): Promise<number> {
    const { broker, rate, now } = this.#options;
    const waitMs = this.#buckets.take(userId, count, now());
    if (waitMs > 0 || !broker.limits || now() < this.#aloneUntilMs) return waitMs;
    const commonWaitMs = await this.#ask(broker.limits.takeTokens(userId, count, rate));
    if (commonWaitMs === undefined) this.#aloneUntilMs = now() + ALONE_MS;
    return commonWaitMs ?? 0;
  }

  /** Takes a place for one connection more of this user. True = it is to be given back with `releasePlace`. */
  async claimPlace(userId: string): Promise<boolean> {
    const { broker, maxConnectionsPerUser } = this.#options;
    if (!this.#take(userId)) return false;
    const claimed = broker.limits && (await this.#ask(broker.limits.claimPlaces(userId, this.#places.get(userId)!, maxConnectionsPerUser)));
    if (claimed !== false) return true;
    this.releasePlace(userId);
    return false;
  }

  /** The same by this node's own count alone, at once; the other nodes are told. */
  claimPlaceHere(userId: string): boolean {
    const taken = this.#take(userId);
    if (taken) this.#tell([userId]);
    return taken;
  }

  releasePlace(userId: string): void {
    const count = (this.#places.get(userId) ?? 0) - 1;
    if (count > 0) this.#places.set(userId, count);
    else this.#places.delete(userId);
    this.#tell([userId]);
  }

  /** Looked at once a second. */
  sweep(nowMs: number): void {
    this.#buckets.prune(nowMs);
    if (nowMs - this.#beatMs < BEAT_EVERY_MS) return;
    this.#beatMs = nowMs;
    void this.#beat();
  }

  #take(userId: string): boolean {
    const count = this.#places.get(userId) ?? 0;
    if (count >= this.#options.maxConnectionsPerUser) return false;
    this.#places.set(userId, count + 1);
    return true;
  }

  async #beat(): Promise<void> {
    const { limits, health } = this.#options.broker;
    if (!limits || health.call(this.#options.broker).state !== 'ok') return;
    if ((await this.#ask(limits.beat())) !== false) return;
    const users = [...this.#places.keys()];
    for (let at = 0; at < users.length; at += TOLD_AT_ONCE) this.#tell(users.slice(at, at + TOLD_AT_ONCE));
  }

  #tell(users: readonly string[]): void {
    const { limits } = this.#options.broker;
    if (limits && users.length > 0) void this.#ask(limits.tellPlaces(new Map(users.map((userId) => [userId, this.#places.get(userId) ?? 0]))));
  }

  /** Undefined = no answer. While the broker says that it is degraded, nobody needs to hear of it again. */
  async #ask<T>(answer: Promise<T>): Promise<T | undefined> {
    try {
      return await answer;
    } catch (error) {
      if (this.#options.broker.health().state === 'ok') this.#options.onError(error, 'sharing the limits of a user with the other nodes');
      return undefined;
    }
  }
}
