import type { TransportKind } from './connection-state.ts';

/** WebSocket attempts that may fail before their welcome until another way is tried [CL7]. */
const SOCKET_TRIES = 3;
const STREAM_TRIES = 2;
/** How often a client on a fallback tries to come back. */
export const RETURN_EVERY_MS = 60_000;
/** Where the fallbacks had failed as well, it was not the WebSocket: the server was away. */
const RETURN_SOON_MS = 3_000;

/** Chooses the way to the server: WebSocket, then server-sent events, then polling. */
export class TransportLadder {
  readonly #available: readonly TransportKind[];
  #socketFailures = 0;
  #streamFailures = 0;
  #lastSocketTryAt = -Infinity;
  #serverWasAway = false;

  /** `available` in order of preference. */
  constructor(available: readonly TransportKind[]) {
    this.#available = available;
  }

  next(now: number): TransportKind {
    const kind = this.#choose(now);
    if (kind === 'ws') this.#lastSocketTryAt = now;
    return kind;
  }

  /** An attempt failed in a way that speaks against its transport. */
  failed(kind: TransportKind): void {
    if (kind === 'ws') this.#socketFailures++;
    else this.#serverWasAway = true;
    if (kind === 'sse') this.#streamFailures++;
  }

  /**
   * The server welcomed us: when a WebSocket is worth trying beside this way, in milliseconds; undefined = never. Only a WebSocket
   * clears the record of sockets: a working fallback says nothing about them.
   */
  welcomed(kind: TransportKind): number | undefined {
    const returnMs = this.#serverWasAway ? RETURN_SOON_MS : RETURN_EVERY_MS;
    this.#serverWasAway = false;
    if (kind !== 'poll') this.#streamFailures = 0;
    if (kind === 'ws') this.#socketFailures = 0;
    return kind !== 'ws' && this.#available.includes('ws') ? returnMs : undefined;
  }

  #choose(now: number): TransportKind {
    const promising = {
      ws: this.#socketFailures < SOCKET_TRIES || now - this.#lastSocketTryAt >= RETURN_EVERY_MS,
      sse: this.#streamFailures < STREAM_TRIES,
      poll: true,
    };
    return this.#available.find((kind) => promising[kind]) ?? this.#available.at(-1) ?? 'ws';
  }
}
