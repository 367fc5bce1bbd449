import { MINUTE_MS } from './instant.ts';

/** A station's clock that is off by more is reported and its scans are corrected [SCN4]. */
const TOLERATED_SKEW_MS = 2 * MINUTE_MS;
/** A scan that arrives later than this was kept by its station: who it let in is in, full or not. */
const LATE_MS = MINUTE_MS;

export interface ScanTime {
  /** When the card was read, on the server's clock; never in the future. */
  readonly atMs: number;
  /** The scan was made offline and told later. */
  readonly late: boolean;
  /** How far the station's clock is behind the server's, where that is too much; negative = ahead. */
  readonly skewMs: number | undefined;
}

/**
 * When a scan happened. Without `scannedAt` it is now. With it, it keeps its own time, unless `sentAt` (or a time in the future) shows that
 * the station's clock is wrong: then the same error is taken out of both. All in epoch milliseconds.
 */
export function scanTime(now: number, scannedAtMs: number | undefined, sentAtMs: number | undefined): ScanTime {
  if (scannedAtMs === undefined) return { atMs: now, late: false, skewMs: skewOf(now, sentAtMs) };
  const skewMs = skewOf(now, sentAtMs ?? (scannedAtMs > now ? scannedAtMs : undefined));
  const atMs = Math.min(now, scannedAtMs + (skewMs ?? 0));
  return { atMs, late: now - atMs > LATE_MS, skewMs };
}

function skewOf(now: number, stationMs: number | undefined): number | undefined {
  const skewMs = stationMs === undefined ? 0 : now - stationMs;
  return Math.abs(skewMs) > TOLERATED_SKEW_MS ? skewMs : undefined;
}
