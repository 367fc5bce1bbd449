/** No attempt follows a failed one sooner than this [CL2]. */
const SHORTEST_MS = 500;
const LONGEST_MS = 30_000;

export interface BackoffRequest {
  /** Failures in a row, from 1. */
  readonly failures: number;
  /** In [0, 1). */
  readonly random: number;
  /** 2 on mobile networks, else 1. */
  readonly stretch: number;
  /** What the server, or its close code, asked for. */
  readonly atLeastMs: number;
}

/**
 * Time until the next attempt. The jitter covers the whole span below the cap, so that clients that fell together come back apart,
 * also once the cap is reached; adding jitter before capping would let all wait exactly the cap.
 */
export function backoffMs({ failures, random, stretch, atLeastMs }: BackoffRequest): number {
  const cap = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** Math.min(failures, 16));
  const jittered = SHORTEST_MS + random * (cap - SHORTEST_MS);
  return Math.round(Math.max(jittered * stretch, atLeastMs));
}
