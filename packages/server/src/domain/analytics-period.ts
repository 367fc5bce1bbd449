import { Temporal } from 'temporal-polyfill';
import { localDate } from './instant.ts';
import { invalid } from './refusal.ts';

/** Days in a question about the past, both ends included. */
export interface Period {
  /** YYYY-MM-DD in the venue's zone. */
  readonly from: string;
  readonly to: string;
}

/** Without dates a question is about the last four weeks, today included. */
const DEFAULT_DAYS = 28;
/** Two years: as far as retention lets anybody look. */
const LONGEST_DAYS = 732;

/** Reads `from` and `to`, dates or instants; refuses a period that ends before it begins or is longer than two years. */
export function readPeriod(query: { from?: string | undefined; to?: string | undefined }, now: number, zone: string): Period {
  const to = query.to === undefined ? localDate(now, zone) : readDay('to', query.to, zone);
  const from = query.from === undefined ? Temporal.PlainDate.from(to).subtract({ days: DEFAULT_DAYS - 1 }).toString() : readDay('from', query.from, zone);
  if (from > to) throw invalid('query.from', `The period ends (${to}) before it begins (${from}).`);
  if (lengthOf({ from, to }) > LONGEST_DAYS) throw invalid('query.from', `The period is longer than ${LONGEST_DAYS} days.`);
  return { from, to };
}

function readDay(name: string, text: string, zone: string): string {
  try {
    return /^\d{4}-\d{2}-\d{2}$/.test(text) ? Temporal.PlainDate.from(text).toString() : localDate(Temporal.Instant.from(text).epochMilliseconds, zone);
  } catch {
    throw invalid(`query.${name}`, `"${text}" is not a date such as 2026-01-31, nor an instant with a zone.`);
  }
}

/** Number of days, both ends included. */
function lengthOf({ from, to }: Period): number {
  return Temporal.PlainDate.from(from).until(to, { largestUnit: 'days' }).days + 1;
}

/** The period of the same length that ends the day before. */
export function periodBefore(period: Period): Period {
  const to = Temporal.PlainDate.from(period.from).subtract({ days: 1 });
  return { from: to.subtract({ days: lengthOf(period) - 1 }).toString(), to: to.toString() };
}

export function daysOf({ from, to }: Period): string[] {
  const days: string[] = [];
  for (let day = Temporal.PlainDate.from(from); Temporal.PlainDate.compare(day, to) <= 0; day = day.add({ days: 1 })) days.push(day.toString());
  return days;
}

/** The Monday of a date's week. */
export function weekOf(date: string): string {
  const day = Temporal.PlainDate.from(date);
  return day.subtract({ days: day.dayOfWeek - 1 }).toString();
}
