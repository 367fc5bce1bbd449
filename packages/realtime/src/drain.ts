import { CLOSE } from '@clms/protocol';
import type { Clock } from './clock.ts';
import type { Connection } from './connection.ts';

/** Clients come back over a window that grows with their number, so that a restart is not followed by a storm. */
const WINDOW_PER_CONNECTION_MS = 2;
const SHORTEST_WINDOW_MS = 500;
const LONGEST_WINDOW_MS = 30_000;
/** Connections closed at a time, and the pause after each batch: all are closed within about five seconds however many there are. */
const BATCHES = 50;
const BATCH_PAUSE_MS = 100;
/** Time for what was written to reach the clients. */
const FLUSH_MS = 200;

/** [DRAIN1] Tells every client when to come back, then closes them in batches with 1012. `random` in [0, 1). */
export async function drain(connections: readonly Connection[], clock: Clock, random: () => number): Promise<void> {
  const windowMs = Math.min(LONGEST_WINDOW_MS, Math.max(SHORTEST_WINDOW_MS, connections.length * WINDOW_PER_CONNECTION_MS));
  for (const connection of connections) connection.send('reconnect', { reason: 'RESTART', delayMs: Math.round(random() * windowMs) });
  await pause(clock, FLUSH_MS);
  const size = Math.max(20, Math.ceil(connections.length / BATCHES));
  for (let start = 0; start < connections.length; start += size) {
    for (const connection of connections.slice(start, start + size)) connection.close(CLOSE.RESTART, 'restart');
    if (start + size < connections.length) await pause(clock, BATCH_PAUSE_MS);
  }
  if (connections.length > 0) await pause(clock, FLUSH_MS);
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => void clock.setTimer(ms, resolve));
}
