import { expect, it } from 'vitest';
import { RatePacer } from '../src/rate-pacer.ts';

const LIMITS = { messagesPerSecond: 20, burst: 4 };
const AN_HOUR_MS = 3_600_000;

it('[CL5] [RATE1] goes on at its pace when the clock of the device is set back', () => {
  let now = AN_HOUR_MS * 24;
  const pacer = new RatePacer({ now: () => now, setTimer: () => () => {} }, LIMITS);
  for (let sent = 0; sent < 2; sent++) pacer.spend({ type: 'ack', data: {} });
  expect(pacer.waitMs()).toBe(100);
  now -= AN_HOUR_MS;
  expect(pacer.waitMs()).toBe(100);
  now += 100;
  expect(pacer.waitMs()).toBe(0);
  pacer.pause(500);
  now -= AN_HOUR_MS;
  expect(pacer.waitMs()).toBe(500);
});
