import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../src/backoff.ts';

const from = (failures: number, random: number, { atLeastMs = 0, mobile = false } = {}) => backoffMs({ random: () => random, constrained: () => mobile }, failures, atLeastMs);

describe('backoff', () => {
  it('[CL2] draws from half a second up to a cap that doubles to 30 s', () => {
    expect([1, 2, 3, 6, 7, 500].map((failures) => from(failures, 0))).toEqual([500, 500, 500, 500, 500, 500]);
    expect([1, 2, 3, 6, 7, 500].map((failures) => from(failures, 0.999_999))).toEqual([1_000, 2_000, 4_000, 30_000, 30_000, 30_000]);
  });

  it('[CL2] keeps its jitter at the cap, so that not all clients wait the same (socket.io-client back-off)', () => {
    const waits = new Set([0.1, 0.3, 0.5, 0.7, 0.9].map((random) => from(20, random)));
    expect(waits.size).toBe(5);
  });

  it('[CL2] is never below what the server advised, and twice as long on mobile networks', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 0, max: 120_000 }), (failures, random, atLeastMs) => {
        const plain = from(failures, random);
        return from(failures, random, { atLeastMs }) >= Math.max(atLeastMs, plain) && Math.abs(from(failures, random, { mobile: true }) - 2 * plain) <= 1;
      }),
    );
  });
});
