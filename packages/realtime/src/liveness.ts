import { CLOSE } from '@clms/protocol';
import type { Cancel, Clock } from './clock.ts';
import type { Connection } from './connection.ts';

/** After its token ran out, a client has this long to show a new one [AUTH1]. */
export const TOKEN_GRACE_MS = 25_000;
const WARN_BEFORE_MS = 60_000;
const LONGEST_SWEEP_MS = 1000;

export interface LivenessOptions {
  readonly clock: Clock;
  readonly heartbeatMs: number;
  readonly stuckAfterMs: number;
  connections(): Iterable<Connection>;
  /** Connections whose client does not take what is written. */
  blocked(): Iterable<Connection>;
  /** Called with every sweep, for what else has to be looked at once a second. */
  onSweep?(nowMs: number): void;
}

/** One timer for all: heartbeats, dead and stuck connections, tokens that run out. Judged by elapsed time, not by ticks that may come late. */
export class Liveness {
  readonly #options: LivenessOptions;
  #cancel: Cancel | undefined;

  constructor(options: LivenessOptions) {
    this.#options = options;
  }

  start(): void {
    const everyMs = Math.min(LONGEST_SWEEP_MS, Math.max(5, this.#options.heartbeatMs / 4));
    this.#cancel = this.#options.clock.setTimer(everyMs, () => {
      this.sweep();
      this.start();
    });
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  sweep(): void {
    const { clock, heartbeatMs, stuckAfterMs } = this.#options;
    const now = clock.now();
    for (const connection of this.#options.connections()) {
      this.#beat(connection, now, heartbeatMs);
      if (!connection.isClosed) judgeToken(connection, now);
    }
    for (const connection of this.#options.blocked()) judgeStuck(connection, now, stuckAfterMs);
    this.#options.onSweep?.(now);
  }

  #beat(connection: Connection, now: number, heartbeatMs: number): void {
    const silentMs = now - connection.lastSeenMs;
    if (silentMs >= 2 * heartbeatMs) {
      // [LIVE1] A half-open socket takes a close frame as readily as it takes everything else: the close is sent, and not waited for.
      connection.close(CLOSE.NO_SIGN_OF_LIFE, 'no sign of life');
      return;
    }
    if (now - connection.pingedAtMs < heartbeatMs) return;
    connection.pingedAtMs = now;
    connection.transport.ping();
  }
}

function judgeToken(connection: Connection, now: number): void {
  const { expiresAt } = connection.identity;
  if (expiresAt === undefined) return;
  if (now >= expiresAt + TOKEN_GRACE_MS) {
    connection.close(CLOSE.UNAUTHENTICATED, 'the token has expired');
    return;
  }
  const lifeMs = expiresAt - connection.tokenSinceMs;
  const warnAt = lifeMs <= WARN_BEFORE_MS ? connection.tokenSinceMs + lifeMs / 2 : expiresAt - WARN_BEFORE_MS;
  if (connection.expiryWarned || now < warnAt) return;
  connection.expiryWarned = true;
  connection.send('token_expiring', { expiresAt: new Date(expiresAt).toISOString() });
}

/** [OUT3] Nothing drained for so long: not slow, but stuck. */
function judgeStuck(connection: Connection, now: number, stuckAfterMs: number): void {
  const { stuck } = connection;
  if (!stuck) return;
  const { takenBytes } = connection;
  if (takenBytes > stuck.takenBytes) connection.stuck = { sinceMs: now, takenBytes };
  else if (now - stuck.sinceMs >= stuckAfterMs) connection.tooSlow();
}
