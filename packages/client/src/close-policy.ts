import type { TransportEnd } from './transport.ts';
import { CLOSE_FORBIDDEN, CLOSE_MISUSE, CLOSE_RESTART, CLOSE_TOO_MANY, CLOSE_UNAUTHENTICATED } from './wire-constants.ts';

/** Too many connections or messages: the limit has to have time to clear. */
const AFTER_TOO_MANY_MS = 30_000;
/** After protocol misuse the same message would be refused again: come back, but slowly. */
const AFTER_MISUSE_MS = 10_000;

export type AfterClose =
  | { readonly kind: 'retry'; readonly atLeastMs: number; readonly misuse: boolean }
  | { readonly kind: 'new_token' }
  | { readonly kind: 'stop' };

/** What an ended transport means for the next attempt (protocol §9). `advisedMs` is the delay of a `reconnect` message, else 0. */
export function afterClose(end: TransportEnd, advisedMs: number, random: number): AfterClose {
  if (end.code === CLOSE_FORBIDDEN || end.status === 403) return { kind: 'stop' };
  if (end.code === CLOSE_UNAUTHENTICATED || end.status === 401) return { kind: 'new_token' };
  const misuse = CLOSE_MISUSE.includes(end.code);
  let atLeastMs = Math.max(advisedMs, end.retryAfterMs ?? 0);
  if (end.code === CLOSE_TOO_MANY || end.status === 429) atLeastMs = Math.max(atLeastMs, AFTER_TOO_MANY_MS) + random * 5_000;
  if (misuse) atLeastMs = Math.max(atLeastMs, AFTER_MISUSE_MS);
  return { kind: 'retry', atLeastMs, misuse };
}

/**
 * Whether a transport that ended before its welcome speaks for another transport next time [CL7]. A server that answered with a code
 * of its own was reached, so the way is open.
 */
export function speaksAgainstTransport(end: TransportEnd): boolean {
  return end.status === undefined && end.code < 4000 && end.code !== CLOSE_RESTART && !CLOSE_MISUSE.includes(end.code);
}
