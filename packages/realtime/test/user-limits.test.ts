import { expect, it } from 'vitest';
import type { SharedLimits } from '../src/shared-limits.ts';
import { UserLimits } from '../src/user-limits.ts';

it('[RATE1] a broker that is slow to count holds up one message a second, and the own count stands meanwhile', async () => {
  let now = 0;
  let asked = 0;
  const told: string[] = [];
  const limits: SharedLimits = {
    takeTokens: async () => {
      asked++;
      throw new Error('no answer in time');
    },
    claimPlaces: async () => true,
    tellPlaces: async () => undefined,
    beat: async () => true,
  };
  const userLimits = new UserLimits({ broker: { limits, health: () => ({ state: 'ok' }) }, rate: { perSecond: 1, burst: 3 }, maxConnectionsPerUser: 5, now: () => now, onError: (_, doing) => void told.push(doing) });
  const waits = [];
  for (let sent = 0; sent < 4; sent++) waits.push(await userLimits.takeTokens('ann', 1));
  expect(waits).toEqual([0, 0, 0, 1000]);
  expect([asked, told.length]).toEqual([1, 1]);
  now += 1000;
  expect(await userLimits.takeTokens('ann', 1)).toBe(0);
  expect(asked).toBe(2);
});
