import type { TransportKind } from './connection-state.ts';

/** WebSocket attempts that may fail before their welcome until another way is tried [CL7]. */
const SOCKET_TRIES = 3;
const STREAM_TRIES = 2;
/** How often a client on a fallback tries to come back. */
export const RETURN_EVERY_MS = 60_000;

/** Chooses the way to the server: WebSocket, then server-sent events, then polling. */
export class TransportLadder {
  readonly #available: readonly TransportKind[];
  #socketFailures = 0;
  #streamFailures = 0;
  #lastSocketTryAt = -Infinity;

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
    if (kind === 'sse') this.#streamFailures++;
  }

  /** The server welcomed us. Only a WebSocket clears the record: a working fallback says nothing about sockets. */
  welcomed(kind: TransportKind): void {
    if (kind !== 'poll') this.#streamFailures = 0;
    if (kind === 'ws') this.#socketFailures = 0;
  }

  /** Whether a WebSocket is worth trying beside a working `kind`. */
  hasBetter(kind: TransportKind): boolean {
    return kind !== 'ws' && this.#available.includes('ws');
  }

  #choose(now: number): TransportKind {
    const [first = 'ws'] = this.#available;
    const socketDue = this.#socketFailures < SOCKET_TRIES || now - this.#lastSocketTryAt >= RETURN_EVERY_MS;
    if (this.#available.includes('ws') && socketDue) return 'ws';
    if (this.#available.includes('sse') && (this.#streamFailures < STREAM_TRIES || !this.#available.includes('poll'))) return 'sse';
    return this.#available.includes('poll') ? 'poll' : first;
  }
}
