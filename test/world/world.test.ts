import { describe, expect, it, vi } from 'vitest';
import { KNOWN_COURSES } from './known-courses.ts';
import { shrink } from './shrink.ts';
import { drawSteps, type Step } from './steps.ts';
import { World } from './world.ts';

/** Bytes that the engine draws for ids and delays: the same for the same seed. */
const drawn = vi.hoisted(() => ({ state: 0 }));
vi.mock('node:crypto', async (original) => ({
  ...(await original<typeof import('node:crypto')>()),
  randomBytes: (size: number) =>
    Buffer.from(Array.from({ length: size }, () => {
      drawn.state = (Math.imul(drawn.state, 1_664_525) + 1_013_904_223) >>> 0;
      return drawn.state >>> 24;
    })),
}));

const STEPS = 40;
const SEEDS_AT_ONCE = 100;
const PATIENCE_MS = 1_800_000;
/** `WORLD_SEED=7` plays one seed again, `WORLD_SEEDS=10000` so many. */
const only = process.env['WORLD_SEED'];
const count = only === undefined ? Number(process.env['WORLD_SEEDS'] ?? 500) : 1;
const first = Number(only ?? 1);

async function play(seed: number, steps: readonly Step[]): Promise<readonly string[]> {
  drawn.state = seed;
  const world = new World(seed);
  await world.play(steps);
  return world.faults;
}

async function playSeed(seed: number): Promise<void> {
  const steps = drawSteps(seed, STEPS);
  if ((await play(seed, steps)).length === 0) return;
  const least = await shrink(steps, (fewer) => play(seed, fewer));
  throw new Error([`Seed ${seed}:`, ...least.faults, 'after', ...least.steps.map((step) => JSON.stringify(step))].join('\n  '));
}

const CLAIM = '[SUB2] [SUB3] [ORD1] [ORD2] [OUT2] [DIR2] [TOP2] [AUTH3] [CL4] [CL5] every client ends with the server\'s state for its role and filters; each event was heard once, in order; every loss was told';

describe('the simulated world', () => {
  const starts = Array.from({ length: Math.ceil(count / SEEDS_AT_ONCE) }, (_, at) => first + at * SEEDS_AT_ONCE);
  it.each(starts)(`${CLAIM} (seeds from %i)`, { timeout: PATIENCE_MS }, async (start) => {
    for (let seed = start; seed < Math.min(start + SEEDS_AT_ONCE, first + count); seed++) await playSeed(seed);
  });

  it.each(KNOWN_COURSES)('$title', async ({ seed, steps }) => {
    expect(await play(seed, steps)).toEqual([]);
  });

  it('plays the same course for the same seed', async () => {
    const steps = drawSteps(11, STEPS);
    const courses: string[] = [];
    for (let time = 0; time < 2; time++) {
      drawn.state = 11;
      const world = new World(11);
      await world.play(steps);
      courses.push(world.course());
    }
    expect(courses[0]).toBe(courses[1]);
  });
});
