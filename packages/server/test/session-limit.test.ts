import { describe, expect, it } from 'vitest';
import { extensionBound, startBound, type SessionBounds } from '../src/domain/session-limit.ts';

const MINUTE = 60_000;
const NOW = Date.parse('2025-10-14T02:30:00.000Z');
const bounds = (more: Partial<SessionBounds> = {}): SessionBounds => ({ now: NOW, categoryMinutes: 90, itemMinutes: null, dailyLeftMs: 180 * MINUTE, ...more });

describe('[EQP2] the limit of a session', () => {
  it.each([
    ['the category', {}, 90, 'CATEGORY'],
    ['the item', { itemMinutes: 45 }, 45, 'ITEM'],
    ['the day’s budget', { dailyLeftMs: 40 * MINUTE }, 40, 'DAILY'],
    ['two minutes before the reservation', { reservedAt: NOW + 30 * MINUTE }, 28, 'RESERVATION'],
    ['closing', { closesAt: NOW + 25 * MINUTE }, 25, 'CLOSING'],
    ['the day’s budget alone, for personnel', { categoryMinutes: null }, 180, 'DAILY'],
  ] as const)('is %s when that is least', (_name, more, minutes, reason) => {
    expect(startBound(bounds(more))).toEqual({ minutes, reason });
  });

  it('is the least of all bounds at every minute of a day', () => {
    for (let minute = 0; minute <= 600; minute++) {
      const closesAt = NOW + minute * MINUTE;
      const reservedAt = NOW + (minute - 20) * MINUTE;
      const { minutes } = startBound(bounds({ closesAt, reservedAt, dailyLeftMs: 120 * MINUTE, itemMinutes: 100 }));
      expect(minutes, `closing in ${minute} min`).toBe(Math.max(0, Math.min(90, 100, 120, minute, minute - 22)));
    }
  });

  it('is in whole minutes that fit, to the millisecond', () => {
    for (let ms = 0; ms <= 3 * MINUTE; ms += 500) {
      const { minutes } = startBound(bounds({ closesAt: NOW + ms }));
      expect(minutes * MINUTE).toBeLessThanOrEqual(ms);
      expect((minutes + 1) * MINUTE).toBeGreaterThan(ms);
    }
  });

  it('is nothing where a bound has passed', () => {
    expect(startBound(bounds({ reservedAt: NOW }))).toEqual({ minutes: 0, reason: 'RESERVATION' });
    expect(startBound(bounds({ dailyLeftMs: -5 * MINUTE }))).toEqual({ minutes: 0, reason: 'DAILY' });
  });
});

describe('[EQP4] an extension', () => {
  const session = { startedAt: NOW - 80 * MINUTE, endsAt: NOW + 10 * MINUTE };
  const others = { itemMinutes: null, dailyLeftMs: 90 * MINUTE };

  it.each([
    ['the step, though the category’s minutes are over', {}, 15, 'EXTENSION'],
    ['what the item allows from its start', { itemMinutes: 100 }, 10, 'ITEM'],
    ['what the day’s budget has left', { dailyLeftMs: 7 * MINUTE }, 7, 'DAILY'],
    ['what is left to closing after the present end', { closesAt: NOW + 22 * MINUTE }, 12, 'CLOSING'],
    ['what is left to a reservation, less two minutes', { reservedAt: NOW + 20 * MINUTE }, 8, 'RESERVATION'],
    ['nothing at closing', { closesAt: NOW + 10 * MINUTE }, 0, 'CLOSING'],
  ] as const)('adds %s', (_name, more, minutes, reason) => {
    expect(extensionBound(session, { ...others, ...more }, 15)).toEqual({ minutes, reason });
  });
});
