import { describe, expect, it } from 'vitest';
import { OffsetClock } from '../src/offset-clock.ts';

describe('the clock of trials', () => {
  it('fires every timer due on the way in order, each at its own instant, and settles in between', async () => {
    const clock = new OffsetClock();
    const start = clock.now();
    const seen: string[] = [];
    const note = (name: string) => seen.push(`${name} ${Math.round((clock.now() - start) / 1000)}`);
    clock.setTimer(20_000, () => note('second'));
    clock.setTimer(10_000, () => {
      note('first');
      clock.setTimer(5000, () => note('set on the way'));
    });
    clock.setTimer(3_600_000, () => note('beyond'));
    await clock.advance(60_000, async () => void seen.push('settled'));
    expect(seen.filter((entry) => entry !== 'settled')).toEqual(['first 10', 'set on the way 15', 'second 20']);
    expect(seen.at(-1)).toBe('settled');
    expect(clock.now() - start).toBeGreaterThanOrEqual(60_000);
  });

  it('fires no cancelled timer', async () => {
    const clock = new OffsetClock();
    let fired = false;
    const cancel = clock.setTimer(1000, () => (fired = true));
    cancel();
    await clock.advance(5000, async () => undefined);
    expect(fired).toBe(false);
  });
});
