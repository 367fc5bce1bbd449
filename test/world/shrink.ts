import type { Step } from './steps.ts';

/** Plays are dear; this many are enough to get from forty steps to the few that matter. */
const MOST_PLAYS = 100;

export type Play = (steps: readonly Step[]) => Promise<readonly string[]>;

/** The fewest of the steps that still go wrong, as far as leaving out pieces of halving size finds them. */
export async function shrink(steps: readonly Step[], play: Play): Promise<{ readonly steps: readonly Step[]; readonly faults: readonly string[] }> {
  let least = steps;
  let faults = await play(steps);
  let plays = 1;
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < least.length && plays < MOST_PLAYS; plays++) {
      const fewer = [...least.slice(0, at), ...least.slice(at + size)];
      const still = await play(fewer);
      if (still.length > 0) [least, faults] = [fewer, still];
      else at += size;
    }
  }
  return { steps: least, faults };
}
