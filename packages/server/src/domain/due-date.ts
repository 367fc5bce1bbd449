import { Temporal } from 'temporal-polyfill';
import { conflict } from './refusal.ts';
import type { LOAN_MODES } from './venue.ts';

export type LoanMode = (typeof LOAN_MODES)[number];

/** What a due date needs to know of the calendar. Dates are YYYY-MM-DD of the venue. */
export interface LoanCalendar {
  isOpenDay(date: string): boolean;
  /** Whether this weekday (1 = Monday … 7 = Sunday) is closed in every ordinary week. */
  isAlwaysClosed(weekday: number): boolean;
}

/** So many days are looked at before a calendar counts as closed for ever. */
const GIVE_UP_AFTER_DAYS = 366;

/**
 * [CIR3] The last day of a loan of `days` days that starts on `from`.
 *
 * - `Days`: that many days later, open or not.
 * - `Datedue`: the same, then on to the next open day.
 * - `Calendar`: the day on which that many open days have passed.
 * - `Dayweek`: like `Days`; a closed day moves by a week, so that the weekday stays, or by one day where that weekday is always closed.
 *
 * Refuses with CALENDAR_ALWAYS_CLOSED where no open day is found.
 */
export function dueDate(from: string, days: number, mode: LoanMode, calendar: LoanCalendar): string {
  const start = Temporal.PlainDate.from(from);
  switch (mode) {
    case 'Days': return start.add({ days }).toString();
    case 'Datedue': return pushed(start.add({ days }), calendar, () => 1).toString();
    case 'Dayweek': return pushed(start.add({ days }), calendar, (date) => (calendar.isAlwaysClosed(date.dayOfWeek) ? 1 : 7)).toString();
    case 'Calendar': return countOpenDays(start, days, calendar).toString();
  }
}

/** The date on which `days` open days have passed since `from`. */
export function afterOpenDays(from: string, days: number, calendar: LoanCalendar): string {
  return countOpenDays(Temporal.PlainDate.from(from), days, calendar).toString();
}

function pushed(first: Temporal.PlainDate, calendar: LoanCalendar, stepDays: (date: Temporal.PlainDate) => number): Temporal.PlainDate {
  let date = first;
  let moved = 0;
  while (!calendar.isOpenDay(date.toString())) {
    const days = stepDays(date);
    moved += days;
    if (moved > GIVE_UP_AFTER_DAYS) throw alwaysClosed(first);
    date = date.add({ days });
  }
  return date;
}

function countOpenDays(start: Temporal.PlainDate, days: number, calendar: LoanCalendar): Temporal.PlainDate {
  let date = start;
  let closedInARow = 0;
  for (let counted = 0; counted < days; ) {
    date = date.add({ days: 1 });
    if (calendar.isOpenDay(date.toString())) {
      counted++;
      closedInARow = 0;
    } else if (++closedInARow > GIVE_UP_AFTER_DAYS) throw alwaysClosed(start);
  }
  return date;
}

const alwaysClosed = (from: Temporal.PlainDate) =>
  conflict('CALENDAR_ALWAYS_CLOSED', `The calendar has no open day within ${GIVE_UP_AFTER_DAYS} days after ${from.toString()}. Check the opening hours and closed days.`, { from: from.toString(), days: GIVE_UP_AFTER_DAYS });
