import type { Clock } from './clock.ts';

/** The server's time, estimated from its own stamps and the round trip. Countdowns to a server's instant are counted with it. */
export class ServerClock {
  readonly #clock: Clock;
  #offsetMs = 0;
  #bestRoundTripMs = Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds since the epoch by the server's clock. */
  now(): number {
    return this.#clock.now() + this.#offsetMs;
  }

  /** A new connection may be to another server, or the device's clock was set. */
  welcomed(serverTime: string): void {
    this.#bestRoundTripMs = Infinity;
    this.#set(Date.parse(serverTime), this.#clock.now());
  }

  /** A `pong`: the server stamped it somewhere between the two moments. A slower round trip than the best so far tells less. */
  ponged(serverTime: string, sentAt: number): void {
    const now = this.#clock.now();
    const roundTripMs = now - sentAt;
    if (roundTripMs > this.#bestRoundTripMs * 1.5) return;
    this.#bestRoundTripMs = Math.min(this.#bestRoundTripMs, roundTripMs);
    this.#set(Date.parse(serverTime), sentAt + roundTripMs / 2);
  }

  #set(serverMs: number, localMs: number): void {
    if (Number.isFinite(serverMs)) this.#offsetMs = serverMs - localMs;
  }
}
