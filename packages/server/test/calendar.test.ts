import { describe, expect, it } from 'vitest';
import { closingTime, hoursOn, isOpen, isOpenDay, nextOpenDay, openDaysBetween, stayEndsAt } from '../src/domain/calendar.ts';
import { DEFAULT_CALENDAR, defaultSettings, type Calendar } from '../src/domain/venue.ts';

const venue = (calendar: Partial<Calendar> = {}, timezone = 'Asia/Manila') => ({ settings: defaultSettings(timezone, 'en'), calendar: { ...DEFAULT_CALENDAR, ...calendar } });
/** A time in Manila, which is 8 hours ahead of UTC all year. */
const manila = (text: string) => Date.parse(`${text}:00.000+08:00`);
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());

describe('opening hours', () => {
  it.each([
    ['2025-10-14T07:29', false],
    ['2025-10-14T07:30', true],
    ['2025-10-14T16:59', true],
    ['2025-10-14T17:00', false],
    ['2025-10-18T10:00', false],
  ])('[CAL1] hold from opening on and no more at closing: %s', (time, open) => expect(isOpen(manila(time), venue())).toBe(open));

  it('[CAL1] of a date count before closed days and the weekday', () => {
    const calendar = { ...DEFAULT_CALENDAR, exceptions: [{ date: '2025-12-25', hours: [{ open: '09:00', close: '12:00' }], reason: 'Party' }], closedDays: [{ date: '2020-12-25', yearly: true, reason: 'Christmas' }] };
    expect(hoursOn('2025-12-25', calendar)).toEqual([{ open: '09:00', close: '12:00' }]);
    expect(hoursOn('2026-12-25', calendar)).toEqual([]);
  });

  it('[CAL1] closed every 29 February: in leap years, and on no other day', () => {
    const leap = venue({ closedDays: [{ date: '2024-02-29', yearly: true, reason: 'Leap day' }] });
    expect(isOpenDay('2028-02-29', leap)).toBe(false);
    expect([isOpenDay('2025-02-28', leap), isOpenDay('2027-03-01', leap)]).toEqual([true, true]);
  });

  it('[CAL1] closed once is not closed the year after', () => {
    const once = venue({ closedDays: [{ date: '2025-10-14', yearly: false, reason: 'Fiesta' }] });
    expect([isOpenDay('2025-10-14', once), isOpenDay('2026-10-14', once)]).toEqual([false, true]);
  });

  it('[CAL1] may have several intervals, and run to midnight', () => {
    const split = venue({ openingHours: { ...DEFAULT_CALENDAR.openingHours, tue: [{ open: '13:00', close: '24:00' }, { open: '08:00', close: '12:00' }] } });
    expect(iso(closingTime(manila('2025-10-14T09:00'), split))).toBe('2025-10-14T04:00:00.000Z');
    expect(iso(closingTime(manila('2025-10-14T12:00'), split))).toBe('2025-10-14T16:00:00.000Z');
    expect(isOpen(manila('2025-10-14T12:30'), split)).toBe(false);
    expect(isOpen(manila('2025-10-14T23:59'), split)).toBe(true);
  });

  it('[CAL1] that touch are one opening', () => {
    const seam = venue({ openingHours: { ...DEFAULT_CALENDAR.openingHours, tue: [{ open: '08:00', close: '12:00' }, { open: '12:00', close: '17:00' }] } });
    expect(iso(closingTime(manila('2025-10-14T09:00'), seam))).toBe('2025-10-14T09:00:00.000Z');
  });

  it('[CAL1] survive clock changes: a skipped hour opens after it, a doubled one opens once', () => {
    const night = venue({ openingHours: { ...DEFAULT_CALENDAR.openingHours, sun: [{ open: '02:30', close: '04:00' }] } }, 'Europe/Berlin');
    expect(isOpen(Date.parse('2025-03-30T01:29:00Z'), night)).toBe(false);
    expect(isOpen(Date.parse('2025-03-30T01:30:00Z'), night)).toBe(true);
    expect(isOpen(Date.parse('2025-10-26T00:30:00Z'), night)).toBe(true);
    expect(iso(closingTime(Date.parse('2025-10-26T00:30:00Z'), night))).toBe('2025-10-26T03:00:00.000Z');
  });
});

describe('a stay', () => {
  it.each([
    ['2025-10-14T10:00', '2025-10-14T09:00:00.000Z'],
    ['2025-10-14T06:00', '2025-10-14T09:00:00.000Z'],
    ['2025-10-14T18:00', '2025-10-14T16:00:00.000Z'],
    ['2025-10-18T10:00', '2025-10-18T16:00:00.000Z'],
  ])('[ATT2] that began %s ends at closing, or with its day where none follows', (from, until) => expect(iso(stayEndsAt(manila(from), venue()))).toBe(until));
});

describe('open days', () => {
  it('[CAL1] follow one another over weekends and closed days', () => {
    expect(nextOpenDay('2025-10-17', venue({ closedDays: [{ date: '2025-10-20', yearly: false, reason: 'Fiesta' }] }))).toBe('2025-10-21');
    expect(openDaysBetween('2025-10-14', '2025-10-21', venue())).toBe(5);
  });

  it('[CIR3] are searched for 366 days and no longer', () => {
    const never = venue({ openingHours: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] } });
    expect(() => nextOpenDay('2025-10-14', never)).toThrow(/no open day within 366 days/);
  });
});
