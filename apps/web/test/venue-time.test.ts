import { describe, expect, test } from 'vitest';
import { openingWords } from '../src/pages/display/opening-words.ts';
import { duration, minutesLeft, relative, venueTime } from '../src/venue/venue-time.ts';

describe('times as the venue’s clocks show them', () => {
  const manila = venueTime({ timezone: 'Asia/Manila', locale: 'en' });

  test('the zone is the venue’s, whatever the computer’s', () => {
    expect(manila.time('2026-10-13T16:05:00.000Z')).toBe('00:05');
    expect(manila.date('2026-10-13T16:05:00.000Z')).toBe('2026-10-14');
    expect(manila.day('2026-10-13T16:05:00.000Z')).toBe('Wed 14 Oct');
    expect(manila.clock('2026-10-14T02:31:07.000Z')).toBe('10:31:07');
    expect(manila.minuteOfDay('2026-10-13T16:05:00.000Z')).toBe(5);
  });

  test('a moment of another day names the day', () => {
    expect(manila.moment('2026-10-14T02:31:00.000Z', '2026-10-14T05:00:00.000Z')).toBe('10:31');
    expect(manila.moment('2026-10-12T02:31:00.000Z', '2026-10-14T05:00:00.000Z')).toBe('Mon 12 Oct 10:31');
  });

  test.each([[0, '0 s'], [59_999, '59 s'], [60_000, '1 min'], [59 * 60_000, '59 min'], [72 * 60_000, '1 h 12 min'], [120 * 60_000, '2 h'], [72 * 3_600_000, '3 d']])('%i ms are %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });

  test('a begun minute is a minute left, and never fewer than none', () => {
    expect(minutesLeft(61_000, 0)).toBe(2);
    expect(minutesLeft(0, 5_000)).toBe(0);
  });

  test('near and far', () => {
    expect(relative(12 * 60_000, 0)).toBe('in 12 min');
    expect(relative(0, 12 * 60_000)).toBe('12 min ago');
    expect(relative(10_000, 0)).toBe('now');
  });
});

describe('opening words of the display', () => {
  const hours = [{ open: '07:30', close: '17:00' }];
  const time = venueTime({ timezone: 'UTC', locale: 'en' });
  const words = (closesAt: string | null, now: string) => openingWords({ openToday: hours, closesAt }, time, Date.parse(now));

  test('tells the closing, and counts down the last half hour', () => {
    expect(words('2026-01-05T17:00:00.000Z', '2026-01-05T15:00:00.000Z')).toEqual({ today: 'Open today 07:30–17:00', closing: { words: 'Closes at 17:00 (in 2 h)', soon: false } });
    expect(words('2026-01-05T17:00:00.000Z', '2026-01-05T16:48:00.000Z').closing).toEqual({ words: 'Closing in 12 min', soon: true });
  });

  test('says nothing of closing when closed', () => {
    expect(words(null, '2026-01-05T18:00:00.000Z').closing.words).toBe('');
    expect(openingWords({ openToday: [], closesAt: null }, time, 0).today).toBe('Closed today');
  });
});
