import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { afterOpenDays, dueDate, type LoanCalendar, type LoanMode } from '../src/domain/due-date.ts';

const isWeekend = (weekday: number): boolean => weekday >= 6;

/** Closed on Saturdays, Sundays and these dates. */
function schoolCalendar(...closed: string[]): LoanCalendar {
  return { isAlwaysClosed: isWeekend, isOpenDay: (date) => !closed.includes(date) && !isWeekend(Temporal.PlainDate.from(date).dayOfWeek) };
}

const SPRING_BREAK = ['14', '15', '16', '17', '18', '19', '20', '21', '22'].map((day) => `2020-03-${day}`);
const NEVER_OPEN: LoanCalendar = { isAlwaysClosed: () => true, isOpenDay: () => false };

describe('[CIR3] the due date', () => {
  it.each<[string, number, LoanMode, string]>([
    ['2020-03-04', 14, 'Days', '2020-03-18'],
    ['2020-03-04', 14, 'Datedue', '2020-03-23'],
    ['2020-03-04', 14, 'Dayweek', '2020-03-25'],
    ['2020-03-04', 14, 'Calendar', '2020-03-31'],
    ['2020-03-06', 10, 'Days', '2020-03-16'],
    ['2020-03-06', 10, 'Datedue', '2020-03-23'],
    ['2020-03-06', 10, 'Dayweek', '2020-03-23'],
    ['2020-03-06', 10, 'Calendar', '2020-03-27'],
  ])('around a spring break: %s + %i by %s = %s', (from, days, mode, expected) => {
    expect(dueDate(from, days, mode, schoolCalendar(...SPRING_BREAK))).toBe(expected);
  });

  it.each<[LoanMode, string]>([
    ['Days', '2024-02-29'],
    ['Datedue', '2024-03-01'],
    ['Dayweek', '2024-03-07'],
    ['Calendar', '2024-03-05'],
  ])('around a closed 29 February: 2024-02-22 + 7 by %s = %s', (mode, expected) => {
    expect(dueDate('2024-02-22', 7, mode, schoolCalendar('2024-02-29'))).toBe(expected);
  });

  it('by Dayweek steps one day on a weekday that never opens', () => {
    expect(dueDate('2025-10-08', 3, 'Dayweek', schoolCalendar())).toBe('2025-10-13'); // Saturday, Sunday, Monday
  });

  it.each<[LoanMode]>([['Datedue'], ['Dayweek'], ['Calendar']])('by %s gives up on a calendar that never opens, and says so', (mode) => {
    expect(() => dueDate('2025-10-14', 3, mode, NEVER_OPEN)).toThrow(/no open day within 366 days after 2025-10-1/);
  });

  it('by Dayweek gives up on a weekday that is closed by date for a year', () => {
    const everyTuesdayOff: LoanCalendar = { isAlwaysClosed: (weekday) => weekday >= 6, isOpenDay: (date) => Temporal.PlainDate.from(date).dayOfWeek === 3 };
    expect(() => dueDate('2025-10-14', 7, 'Dayweek', everyTuesdayOff)).toThrow(/366 days/);
  });

  it('by Days does not ask the calendar', () => {
    expect(dueDate('2025-10-14', 3, 'Days', NEVER_OPEN)).toBe('2025-10-17');
  });

  it('of no days is the same day, or the next open one', () => {
    expect(dueDate('2025-10-14', 0, 'Datedue', schoolCalendar())).toBe('2025-10-14');
    expect(dueDate('2025-10-18', 0, 'Datedue', schoolCalendar())).toBe('2025-10-20');
    expect(dueDate('2025-10-18', 0, 'Calendar', schoolCalendar())).toBe('2025-10-18');
  });
});

describe('[CIR5] counting open days', () => {
  it('leaves out the start and every closed day', () => {
    expect(afterOpenDays('2025-10-16', 3, schoolCalendar('2025-10-20'))).toBe('2025-10-22');
  });
});
