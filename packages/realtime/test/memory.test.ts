import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** FUZZ_FRAMES=1000000 and VISITS=50000 for the long forms, FUZZ_SEED to see a failure again. */
const FRAMES = Number(process.env['FUZZ_FRAMES'] ?? 100_000);
const VISITS = Number(process.env['VISITS'] ?? 2000);
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(performance.now() * 1000) % 2 ** 31);
const MOST_GROWTH = 0.05;
/** What a heap moves by itself between two collections; below it, five in a hundred means nothing. */
const NOISE_BYTES = 4_000_000;
const MINUTES_MS = 1_800_000;

interface Held {
  readonly heap: number;
  readonly rss: number;
}

/** Room that the runtime and the allocator take in advance and keep is no leak, and would hide one: with little of it, the size of the process tells. */
const FRUGAL_FLAGS = ['--expose-gc', '--max-semi-space-size=1'];
const FRUGAL_ENV = { MALLOC_ARENA_MAX: '1' };

/** What is held after each wave, in a process of its own: an exception that nobody catches ends it, and nothing else is in its memory. */
async function heldAfterWaves(kind: 'frames' | 'visits', count: number): Promise<readonly Held[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [...FRUGAL_FLAGS, join(import.meta.dirname, 'memory-probe.ts'), kind, String(count), String(SEED)], { env: { ...process.env, ...FRUGAL_ENV } });
  return JSON.parse(stdout) as Held[];
}

/** The first wave is the warm-up. */
function expectNoGrowth(waves: readonly Held[]): void {
  const first = waves[1]!;
  const last = waves.at(-1)!;
  const told = `${JSON.stringify(waves)}, seed ${SEED}`;
  expect(last.rss - first.rss, told).toBeLessThan(first.rss * MOST_GROWTH);
  expect(last.heap - first.heap, told).toBeLessThan(Math.max(first.heap * MOST_GROWTH, NOISE_BYTES));
}

it(`[ENV1] [ENV4] survives ${FRAMES.toLocaleString('en-US')} mutated frames, serves on, and keeps nothing of them (seed ${SEED})`, { timeout: MINUTES_MS }, async () => {
  expectNoGrowth(await heldAfterWaves('frames', FRAMES));
});

it(`keeps nothing of ${VISITS.toLocaleString('en-US')} clients that came and went`, { timeout: MINUTES_MS }, async () => {
  expectNoGrowth(await heldAfterWaves('visits', VISITS));
});
