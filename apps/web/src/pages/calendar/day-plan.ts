import { WEEKDAYS, type Calendar, type OpenInterval, type Weekday } from '../../api/calendar.ts';

/** What a date is, and why. */
export type DayPlan =
  | { readonly kind: 'usual'; readonly hours: readonly OpenInterval[] }
  | { readonly kind: 'closed'; readonly yearly: boolean; readonly reason: string }
  | { readonly kind: 'exception'; readonly hours: readonly OpenInterval[]; readonly reason: string };

/** The weekday of a date, read as a date and never through a zone. */
export function weekdayOf(date: string): Weekday {
  return WEEKDAYS[(new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7]!;
}

/** The hours of a date stand before a closed day, a closed day before the weekday: as the server decides it. */
export function dayPlan(date: string, { openingHours, exceptions, closedDays }: Calendar): DayPlan {
  const exception = exceptions.find((one) => one.date === date);
  if (exception) return { kind: 'exception', hours: exception.hours, reason: exception.reason };
  const closed = closedDays.find((one) => (one.yearly ? one.date.slice(5) === date.slice(5) : one.date === date));
  if (closed) return { kind: 'closed', yearly: closed.yearly, reason: closed.reason };
  return { kind: 'usual', hours: openingHours[weekdayOf(date)] };
}

/** The calendar with one date planned anew; whatever was said of that date before is taken out. */
export function withDayPlan(calendar: Calendar, date: string, plan: DayPlan): Pick<Calendar, 'exceptions' | 'closedDays'> {
  const exceptions = calendar.exceptions.filter((one) => one.date !== date);
  const closedDays = calendar.closedDays.filter((one) => (one.yearly ? one.date.slice(5) !== date.slice(5) : one.date !== date));
  switch (plan.kind) {
    case 'usual': return { exceptions, closedDays };
    case 'closed': return { exceptions, closedDays: [...closedDays, { date, yearly: plan.yearly, reason: plan.reason }] };
    case 'exception': return { exceptions: [...exceptions, { date, hours: [...plan.hours], reason: plan.reason }], closedDays };
  }
}

/** The dates of a month of 1–12, with empty places before the first so that weeks begin on Monday. */
export function monthCells(year: number, month: number): readonly (string | null)[] {
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const dates = Array.from({ length: days }, (_, index) => `${year}-${String(month).padStart(2, '0')}-${String(index + 1).padStart(2, '0')}`);
  const before = WEEKDAYS.indexOf(weekdayOf(dates[0]!));
  return [...Array.from({ length: before }, () => null), ...dates];
}

const INTERVAL = /^((?:[01]\d|2[0-3]):[0-5]\d)\s*[-–]\s*((?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** "07:30–12:00, 13:00–17:00" */
export const hoursText = (hours: readonly OpenInterval[]): string => hours.map(({ open, close }) => `${open}–${close}`).join(', ');

/** Reads what `hoursText` writes; nothing means closed. Undefined when it cannot be read, or when times do not ascend. */
export function parseHours(text: string): readonly OpenInterval[] | undefined {
  if (text.trim() === '') return [];
  const intervals: OpenInterval[] = [];
  for (const part of text.split(',')) {
    const found = INTERVAL.exec(part.trim());
    if (!found) return undefined;
    const [, open, close] = found as unknown as [string, string, string];
    if (open >= close || (intervals.at(-1)?.close ?? '') > open) return undefined;
    intervals.push({ open, close });
  }
  return intervals;
}
