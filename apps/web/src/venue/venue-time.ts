import type { Venue } from './venue.ts';

/** An instant: ISO 8601 text, or milliseconds since the epoch. */
export type InstantLike = string | number;

/** Times and dates as the venue's clocks and calendar show them. */
export interface VenueTime {
  /** 14:20 */
  time(at: InstantLike): string;
  /** 14:20:07 */
  clock(at: InstantLike): string;
  /** Tue 14 Oct */
  day(at: InstantLike): string;
  /** 14:20 today, else Tue 14 Oct 14:20 */
  moment(at: InstantLike, now: InstantLike): string;
  /** Tue 14 Oct 2026, 14:20 */
  full(at: InstantLike): string;
  /** YYYY-MM-DD in the venue's zone */
  date(at: InstantLike): string;
  /** Minutes since local midnight */
  minuteOfDay(at: InstantLike): number;
}

const toMs = (at: InstantLike): number => (typeof at === 'number' ? at : Date.parse(at));

/** Formatters for one zone and language. They never look at the computer's own zone. */
export function venueTime({ timezone, locale }: Pick<Venue, 'timezone' | 'locale'>): VenueTime {
  const format = (options: Intl.DateTimeFormatOptions, language = locale) => new Intl.DateTimeFormat(language, { timeZone: timezone, hourCycle: 'h23', ...options });
  const shortTime = format({ hour: '2-digit', minute: '2-digit' }, 'en-GB');
  const longTime = format({ hour: '2-digit', minute: '2-digit', second: '2-digit' }, 'en-GB');
  const words = format({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  const iso = format({ year: 'numeric', month: '2-digit', day: '2-digit' }, 'en-CA');
  const time = (at: InstantLike) => shortTime.format(toMs(at));
  const parts = (at: InstantLike) => Object.fromEntries(words.formatToParts(toMs(at)).map(({ type, value }) => [type, value]));
  const day = (at: InstantLike) => {
    const { weekday, day: number, month } = parts(at);
    return `${weekday} ${number} ${month}`;
  };
  const date = (at: InstantLike) => iso.format(toMs(at));
  return {
    time,
    clock: (at) => longTime.format(toMs(at)),
    day,
    moment: (at, now) => (date(at) === date(now) ? time(at) : `${day(at)} ${time(at)}`),
    full: (at) => `${day(at)} ${parts(at)['year']}, ${time(at)}`,
    date,
    minuteOfDay: (at) => {
      const [hours, minutes] = time(at).split(':');
      return Number(hours) * 60 + Number(minutes);
    },
  };
}

/** A length of time in words: "40 s", "12 min", "1 h 12 min", "3 d". */
export function duration(ms: number): string {
  // Below a minute in seconds: "out after 0 min" reads like a mistake.
  if (ms < 60_000) return `${Math.max(0, Math.floor(ms / 1000))} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1440)} d`;
}

/** Whole minutes that are left until an instant, never below 0; a begun minute counts. */
export function minutesLeft(endsAt: InstantLike, now: number): number {
  return Math.max(0, Math.ceil((toMs(endsAt) - now) / 60_000));
}

/** "in 12 min", "12 min ago", "now" */
export function relative(at: InstantLike, now: number): string {
  const ms = toMs(at) - now;
  if (Math.abs(ms) < 30_000) return 'now';
  return ms > 0 ? `in ${duration(ms)}` : `${duration(-ms)} ago`;
}
