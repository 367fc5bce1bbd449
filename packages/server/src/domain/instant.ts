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

/** The offset of a zone in one minute: every scan asks for date, hour and time of one moment, and zone arithmetic costs more than an insert. */
let known: { readonly zone: string; readonly minute: number; readonly offsetMs: number } | undefined;

/** The venue's wall clock at an instant as text, `YYYY-MM-DDTHH:MM:SS.sss`. Zones change their offset on whole minutes. */
export function wallText(ms: number, zone: string): string {
  const minute = Math.floor(ms / MINUTE_MS);
  if (known?.minute !== minute || known.zone !== zone) known = { zone, minute, offsetMs: localTime(ms, zone).offsetNanoseconds / 1e6 };
  return new Date(ms + known.offsetMs).toISOString().slice(0, -1);
}

/** YYYY-MM-DD in the venue's zone. */
export function localDate(ms: number, zone: string): string {
  return wallText(ms, zone).slice(0, 10);
}

export function localHour(ms: number, zone: string): number {
  return Number(wallText(ms, zone).slice(11, 13));
}

/** A local date so many days on. Days of the calendar, not of 24 hours: two a year are shorter or longer where clocks change. */
export function dateAfter(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
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
