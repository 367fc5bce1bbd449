/** A bucket that holds `burst` tokens and gains `perSecond`; two numbers of state. */
export class TokenBucket {
  #tokens: number;
  #atMs: number;
  readonly #perMs: number;
  readonly #burst: number;

  constructor(rate: { readonly perSecond: number; readonly burst: number }, nowMs: number) {
    this.#perMs = rate.perSecond / 1000;
    this.#burst = rate.burst;
    this.#tokens = rate.burst;
    this.#atMs = nowMs;
  }

  /** Takes tokens and returns 0, or takes none and returns the milliseconds after which there will be enough. */
  take(count: number, nowMs: number): number {
    this.#tokens = Math.min(this.#burst, this.#tokens + Math.max(0, nowMs - this.#atMs) * this.#perMs);
    this.#atMs = nowMs;
    if (this.#tokens >= count) {
      this.#tokens -= count;
      return 0;
    }
    return Math.max(1, Math.ceil((count - this.#tokens) / this.#perMs));
  }

  /** Full again: forgetting it changes nothing. */
  idle(nowMs: number): boolean {
    return this.#tokens + Math.max(0, nowMs - this.#atMs) * this.#perMs >= this.#burst;
  }
}

/** Buckets kept at most; beyond, full ones are forgotten first, then the oldest. */
const MOST_BUCKETS = 100_000;

/** One bucket per key (address, user). */
export class BucketMap {
  readonly #rate: { readonly perSecond: number; readonly burst: number };
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(rate: { readonly perSecond: number; readonly burst: number }) {
    this.#rate = rate;
  }

  take(key: string, count: number, nowMs: number): number {
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      if (this.#buckets.size >= MOST_BUCKETS) this.#makeRoom(nowMs);
      this.#buckets.set(key, (bucket = new TokenBucket(this.#rate, nowMs)));
    }
    return bucket.take(count, nowMs);
  }

  /** Forgets full buckets. */
  prune(nowMs: number): void {
    for (const [key, bucket] of this.#buckets) if (bucket.idle(nowMs)) this.#buckets.delete(key);
  }

  get size(): number {
    return this.#buckets.size;
  }

  #makeRoom(nowMs: number): void {
    this.prune(nowMs);
    for (const key of this.#buckets.keys()) {
      if (this.#buckets.size < MOST_BUCKETS) return;
      this.#buckets.delete(key);
    }
  }
}

/** Counts occurrences in a sliding window of ten seconds, by second [ENV4] [RATE1]. */
export class RecentCount {
  readonly #seconds: number[] = [];

  /** Adds one and returns how many there were in the last ten seconds. */
  add(nowMs: number): number {
    this.#seconds.push(nowMs);
    while (this.#seconds.length > 0 && this.#seconds[0]! <= nowMs - 10_000) this.#seconds.shift();
    return this.#seconds.length;
  }
}
