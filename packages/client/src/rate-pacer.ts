import type { ClientEnvelope } from '@clms/protocol';
import type { Clock } from './clock.ts';

/** Part of the server's burst that is left for subscriptions and pings. */
const OWN_SHARE = 0.5;
/** Stands for a limit that is switched off. */
const UNLIMITED = 1e6;
const DEFAULT_LIMITS = { messagesPerSecond: 20, burst: 40 };

/** Keeps the client under the server's limit [RATE1], so that a full queue goes out without being refused. */
export class RatePacer {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #countedAt: number;
  #pausedUntil = -Infinity;

  constructor(clock: Clock, limits: { readonly messagesPerSecond: number; readonly burst: number } = DEFAULT_LIMITS) {
    this.#clock = clock;
    this.#perSecond = (limits.messagesPerSecond || UNLIMITED) * OWN_SHARE;
    this.#burst = Math.max(1, (limits.burst || UNLIMITED) * OWN_SHARE);
    this.#tokens = this.#burst;
    this.#countedAt = clock.now();
  }

  /** Time until the next message may go; 0 = now. */
  waitMs(): number {
    const now = this.#clock.now();
    const passedMs = now - this.#countedAt;
    this.#countedAt = now;
    // A device's clock that was set back: no time has passed, and a pause ends no later for it.
    if (passedMs < 0) this.#pausedUntil += passedMs;
    else this.#tokens = Math.min(this.#burst, this.#tokens + (passedMs / 1_000) * this.#perSecond);
    const forToken = this.#tokens >= 1 ? 0 : ((1 - this.#tokens) / this.#perSecond) * 1_000;
    return Math.ceil(Math.max(forToken, this.#pausedUntil - now, 0));
  }

  spend(message: ClientEnvelope): void {
    const inBatch = message.type === 'batch' ? (message.data as { messages: readonly unknown[] }).messages.length : 1;
    this.#tokens -= Math.max(1, inBatch / 10);
  }

  pause(forMs: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + forMs);
  }
}
