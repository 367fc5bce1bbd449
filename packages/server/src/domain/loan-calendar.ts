import { hoursOn, isOpenDay, openDaysBetween, openingsOn, nextOpenDay, AlwaysClosedError } from './calendar.ts';
import { afterOpenDays, dueDate, type LoanCalendar } from './due-date.ts';
import { dateAfter, instantAt, localDate, toInstant, toMs } from './instant.ts';
import { WEEKDAYS, type Venue } from './venue.ts';

/** Loans and kept copies run to this time of their last day [CIR3]. */
export const END_OF_DAY = '23:59';

function loanCalendar(venue: Venue): LoanCalendar {
  return { isOpenDay: (date) => isOpenDay(date, venue), isAlwaysClosed: (weekday) => venue.calendar.openingHours[WEEKDAYS[weekday - 1]!].length === 0 };
}

/** The instant until which a loan of `days` days from `fromMs` runs. */
export function dueAtFor(fromMs: number, days: number, venue: Venue): string {
  const zone = venue.settings.timezone;
  return toInstant(instantAt(dueDate(localDate(fromMs, zone), days, venue.policies.loans.mode, loanCalendar(venue)), END_OF_DAY, zone));
}

/** [CIR5] The instant until which a kept copy waits for its reader. */
export function readyUntilFor(fromMs: number, venue: Venue): string {
  const zone = venue.settings.timezone;
  return toInstant(instantAt(afterOpenDays(localDate(fromMs, zone), venue.policies.holds.pickupDays, loanCalendar(venue)), END_OF_DAY, zone));
}

/** [CIR6] Open days between the due date and `untilMs`, the day of the return included. */
export function openDaysLate(dueAt: string, untilMs: number, venue: Venue): number {
  const zone = venue.settings.timezone;
  return untilMs <= toMs(dueAt) ? 0 : openDaysBetween(localDate(toMs(dueAt), zone), localDate(untilMs, zone), venue);
}

/**
 * [CIR6] When the next notice about an overdue loan is due: at the opening of the first open day after the due date, then of the first open day
 * from a week after the last notice on. Undefined while the calendar never opens.
 */
export function overdueNoticeAt(loan: { dueAt: string; noticedAt: string | null }, venue: Venue): number | undefined {
  const zone = venue.settings.timezone;
  const after = loan.noticedAt === null ? localDate(toMs(loan.dueAt), zone) : dateAfter(localDate(toMs(loan.noticedAt), zone), 6);
  try {
    const day = nextOpenDay(after, venue);
    return openingsOn(day, venue)[0]?.opensAt ?? instantAt(day, hoursOn(day, venue.calendar)[0]!.open, zone);
  } catch (error) {
    if (error instanceof AlwaysClosedError) return undefined; // nobody is there to read it; a changed calendar is looked at again
    throw error;
  }
}
