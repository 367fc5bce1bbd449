import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** FUZZ_FRAMES=1000000 and VISITS=20000 for the long forms, FUZZ_SEED to see a failure again. */
const FRAMES = Number(process.env['FUZZ_FRAMES'] ?? 100_000);
const VISITS = Number(process.env['VISITS'] ?? 2000);
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(performance.now() * 1000) % 2 ** 31);
const MOST_GROWTH = 0.05;
/** What a heap moves by itself between two collections; below it, five in a hundred means nothing. */
const NOISE_BYTES = 4_000_000;
/** Before so much has happened, the process still takes pages for the first time, and its size says nothing of a leak. */
const SETTLED_FRAMES = 500_000;
const SETTLED_VISITS = 20_000;
const MINUTES_MS = 1_800_000;

interface Held {
  readonly heap: number;
  readonly rss: number;
}

/** A process of its own: an exception that nobody catches ends it, and nothing else is in its memory. */
async function heldAfter(kind: 'frames' | 'visits', count: number): Promise<{ first: Held; second: Held }> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', join(import.meta.dirname, 'memory-probe.ts'), kind, String(count), String(SEED)]);
  return JSON.parse(stdout) as { first: Held; second: Held };
}

function expectNoGrowth({ first, second }: { first: Held; second: Held }, settled: boolean): void {
  const told = `held ${JSON.stringify(first)}, then ${JSON.stringify(second)}, seed ${SEED}`;
  expect(second.heap - first.heap, told).toBeLessThan(Math.max(first.heap * MOST_GROWTH, NOISE_BYTES));
  if (settled) expect(second.rss - first.rss, told).toBeLessThan(first.rss * MOST_GROWTH);
}

it(`[ENV1] [ENV4] survives ${FRAMES.toLocaleString('en-US')} mutated frames, serves on, and keeps nothing of them (seed ${SEED})`, { timeout: MINUTES_MS }, async () => {
  expectNoGrowth(await heldAfter('frames', FRAMES), FRAMES >= SETTLED_FRAMES);
});

it(`keeps nothing of ${VISITS.toLocaleString('en-US')} clients that came and went`, { timeout: MINUTES_MS }, async () => {
  expectNoGrowth(await heldAfter('visits', VISITS), VISITS >= SETTLED_VISITS);
});
