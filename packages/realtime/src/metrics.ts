/** Counters of one node since its start. Exact: each is raised in one place. */
export interface Counters {
  totalConnections: number;
  /** Connections that resumed a subscription with `since`. */
  reconnects: number;
  refusedUpgrades: number;
  messagesReceived: number;
  /** Frames handed to transports, and their bytes before compression. */
  messagesSent: number;
  bytesSent: number;
  eventsPublished: number;
  errorsSent: number;
  rateLimited: number;
  droppedMessages: number;
  slowConsumers: number;
  closes: Record<string, number>;
}

export const newCounters = (): Counters => ({
  totalConnections: 0, reconnects: 0, refusedUpgrades: 0, messagesReceived: 0, messagesSent: 0, bytesSent: 0, eventsPublished: 0, errorsSent: 0, rateLimited: 0,
  droppedMessages: 0, slowConsumers: 0, closes: {},
});

/** How a counter rose lately (the last ten seconds, unless told otherwise), from samples of it. */
export class RateMeter {
  readonly #windowMs: number;
  readonly #samples: { readonly atMs: number; readonly count: number }[] = [];

  constructor(windowMs = 10_000) {
    this.#windowMs = windowMs;
  }

  sample(count: number, nowMs: number): void {
    this.#samples.push({ atMs: nowMs, count });
    while (this.#samples.length > 2 && this.#samples[0]!.atMs < nowMs - this.#windowMs) this.#samples.shift();
  }

  /** By how much it rose in that time. */
  rise(count: number): number {
    return count - (this.#samples[0]?.count ?? 0);
  }

  perSecond(count: number, nowMs: number): number {
    const oldest = this.#samples[0];
    if (!oldest || nowMs <= oldest.atMs) return 0;
    return Math.round(((count - oldest.count) / (nowMs - oldest.atMs)) * 10_000) / 10;
  }
}
