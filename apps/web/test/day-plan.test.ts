import { describe, expect, it } from 'vitest';
import type { Calendar } from '../src/api/calendar.ts';
import { dayPlan, hoursText, monthCells, parseHours, weekdayOf, withDayPlan } from '../src/pages/calendar/day-plan.ts';

const DAY = [{ open: '08:00', close: '16:00' }];
const calendar: Calendar = {
  openingHours: { mon: DAY, tue: DAY, wed: DAY, thu: DAY, fri: DAY, sat: [], sun: [] },
  exceptions: [{ date: '2026-12-25', hours: [{ open: '09:00', close: '10:00' }], reason: 'Carols' }],
  closedDays: [{ date: '2020-12-25', yearly: true, reason: 'Christmas' }, { date: '2026-06-12', yearly: false, reason: 'Holiday' }],
};

describe('[CAL1] the year as the server decides it', () => {
  it('reads a date as a date', () => {
    expect(weekdayOf('2026-10-14')).toBe('wed');
    expect(weekdayOf('2024-02-29')).toBe('thu');
  });

  it('puts the hours of a date before a closed day, and that before the weekday', () => {
    expect(dayPlan('2026-12-25', calendar)).toEqual({ kind: 'exception', hours: [{ open: '09:00', close: '10:00' }], reason: 'Carols' });
    expect(dayPlan('2027-12-25', calendar)).toEqual({ kind: 'closed', yearly: true, reason: 'Christmas' });
    expect(dayPlan('2026-06-12', calendar)).toEqual({ kind: 'closed', yearly: false, reason: 'Holiday' });
    expect(dayPlan('2027-06-12', calendar)).toEqual({ kind: 'usual', hours: [] });
  });

  it('replaces whatever was said of a date', () => {
    const changed = { ...calendar, ...withDayPlan(calendar, '2026-12-25', { kind: 'usual', hours: [] }) };
    expect(dayPlan('2026-12-25', changed)).toEqual({ kind: 'usual', hours: DAY });
    const closed = { ...calendar, ...withDayPlan(calendar, '2026-12-25', { kind: 'closed', yearly: false, reason: 'Repairs' }) };
    expect(dayPlan('2026-12-25', closed)).toEqual({ kind: 'closed', yearly: false, reason: 'Repairs' });
    expect(closed.closedDays).toHaveLength(2);
  });

  it('begins weeks on Monday and knows the leap day', () => {
    const february = monthCells(2024, 2);
    expect(february.slice(0, 4)).toEqual([null, null, null, '2024-02-01']);
    expect(february.at(-1)).toBe('2024-02-29');
  });

  it('reads several intervals, midnight as the end, and refuses what is out of order', () => {
    const hours = [{ open: '07:30', close: '12:00' }, { open: '13:00', close: '24:00' }];
    expect(parseHours('07:30-12:00, 13:00 – 24:00')).toEqual(hours);
    expect(parseHours(hoursText(hours))).toEqual(hours);
    expect(parseHours('  ')).toEqual([]);
    for (const wrong of ['7:30-12:00', '12:00-08:00', '08:00-12:00,11:00-13:00', '08:00', '08:00-25:00']) expect(parseHours(wrong)).toBeUndefined();
  });
});
