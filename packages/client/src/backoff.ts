import type { Environment } from './environment.ts';

/** No attempt follows a failed one sooner than this [CL2]. */
const SHORTEST_MS = 500;
const LONGEST_MS = 30_000;

/** By how much times are longer here: mobile networks are slow to wake, and costly. */
export const stretch = (env: Pick<Environment, 'constrained'>): number => (env.constrained() ? 2 : 1);

/**
 * Time until the next attempt after so many failures in a row (from 1), not below what the server, or its close code, asked for. The
 * jitter covers the whole span below the cap, so that clients that fell together come back apart, also once the cap is reached; adding
 * jitter before capping would let all wait exactly the cap.
 */
export function backoffMs(env: Pick<Environment, 'random' | 'constrained'>, failures: number, atLeastMs: number): number {
  const cap = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** Math.min(failures, 16));
  const jittered = SHORTEST_MS + env.random() * (cap - SHORTEST_MS);
  return Math.round(Math.max(jittered * stretch(env), atLeastMs));
}
