import { Temporal } from 'temporal-polyfill';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Epoch milliseconds as the text that the database and the wire hold: ISO 8601 UTC with milliseconds. */
export function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}

/** The other way; the text must be one that `toInstant` or a validated door gave. */
export function toMs(instant: string): number {
  return Date.parse(instant);
}

/** The venue's wall clock at an instant. */
export function localTime(ms: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
}

/** YYYY-MM-DD in the venue's zone. */
export function localDate(ms: number, zone: string): string {
  return localTime(ms, zone).toPlainDate().toString();
}

export function localHour(ms: number, zone: string): number {
  return localTime(ms, zone).hour;
}

/**
 * The instant of a wall-clock time on a date of the venue. An hour that a clock change skips is taken after the change,
 * one that comes twice is taken the first time. `24:00` is the next midnight.
 */
export function instantAt(date: string, time: string, zone: string): number {
  const day = Temporal.PlainDate.from(date);
  const [moved, clock] = time === '24:00' ? [day.add({ days: 1 }), '00:00'] : [day, time];
  return moved.toPlainDateTime(Temporal.PlainTime.from(clock)).toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds;
}
