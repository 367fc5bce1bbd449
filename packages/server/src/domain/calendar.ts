import { Temporal } from 'temporal-polyfill';
import { instantAt, localDate } from './instant.ts';
import { WEEKDAYS, type Calendar, type Interval, type Venue } from './venue.ts';

// When the library is open [CAL1]. Pure: everything follows from the venue's calendar and zone. Dates are YYYY-MM-DD in that zone.

type CalendarVenue = Pick<Venue, 'calendar' | 'settings'>;

/** An opening of one day in epoch milliseconds. A moment belongs to it from `opensAt` on and no more at `closesAt`. */
export interface Opening {
  readonly opensAt: number;
  readonly closesAt: number;
}

/** A calendar that never opens is an error to be seen by whoever set it, not a search without end. */
const LONGEST_SEARCH_DAYS = 366;

/**
 * The hours of one day. A day named in `exceptions` has those hours whatever else is said of it; then closed days count, then the weekday.
 * A day closed yearly is closed on that day and month; one closed every 29 February is closed in leap years only, other years have no such day.
 */
export function hoursOn(date: string, calendar: Calendar): readonly Interval[] {
  const exception = calendar.exceptions.find((candidate) => candidate.date === date);
  if (exception) return exception.hours;
  const closed = calendar.closedDays.some((day) => day.date === date || (day.yearly && day.date.slice(5) === date.slice(5)));
  if (closed) return [];
  return calendar.openingHours[WEEKDAYS[Temporal.PlainDate.from(date).dayOfWeek - 1]!];
}

export function isOpenDay(date: string, venue: CalendarVenue): boolean {
  return hoursOn(date, venue.calendar).length > 0;
}

/** The openings of one day, first to last. Hours that a clock change skips or doubles are resolved as in `instantAt`. */
export function openingsOn(date: string, venue: CalendarVenue): readonly Opening[] {
  let known = openings.get(venue.calendar);
  if (!known || known.zone !== venue.settings.timezone || known.days.size >= LONGEST_SEARCH_DAYS) openings.set(venue.calendar, (known = { zone: venue.settings.timezone, days: new Map() }));
  let day = known.days.get(date);
  if (!day) known.days.set(date, (day = computeOpenings(date, venue)));
  return day;
}

/** Computed openings per calendar document: jobs ask after every commit, and zone arithmetic costs more than the rest of the question. */
const openings = new WeakMap<Calendar, { readonly zone: string; readonly days: Map<string, readonly Opening[]> }>();

function computeOpenings(date: string, { calendar, settings }: CalendarVenue): readonly Opening[] {
  const found = hoursOn(date, calendar)
    .map(({ open, close }) => ({ opensAt: instantAt(date, open, settings.timezone), closesAt: instantAt(date, close, settings.timezone) }))
    .filter(({ opensAt, closesAt }) => opensAt < closesAt)
    .toSorted((a, b) => a.opensAt - b.opensAt);
  // Two intervals that touch are one opening: nobody is sent out at the seam.
  return found.reduce<Opening[]>((merged, next) => {
    const last = merged.at(-1);
    if (last && next.opensAt <= last.closesAt) merged[merged.length - 1] = { opensAt: last.opensAt, closesAt: Math.max(last.closesAt, next.closesAt) };
    else merged.push(next);
    return merged;
  }, []);
}

export function isOpen(ms: number, venue: CalendarVenue): boolean {
  return openingsOn(localDate(ms, venue.settings.timezone), venue).some(({ opensAt, closesAt }) => opensAt <= ms && ms < closesAt);
}

/** When the present opening of this day ends, or, between and before openings, the next one of the day; undefined when none is left today. */
export function closingTime(ms: number, venue: CalendarVenue): number | undefined {
  return openingsOn(localDate(ms, venue.settings.timezone), venue).find(({ closesAt }) => ms < closesAt)?.closesAt;
}

/**
 * When a stay that began at `ms` ends by itself [ATT2]: at the closing that follows on its day, or at the end of that day where none does
 * (somebody let in on a closed day, or in the evening). Every day starts at zero.
 */
export function stayEndsAt(ms: number, venue: CalendarVenue): number {
  return closingTime(ms, venue) ?? instantAt(localDate(ms, venue.settings.timezone), '24:00', venue.settings.timezone);
}

/** The first open day after `date`. Throws when there is none within 366 days. */
export function nextOpenDay(date: string, venue: CalendarVenue): string {
  let day = Temporal.PlainDate.from(date);
  for (let tried = 0; tried < LONGEST_SEARCH_DAYS; tried++) {
    day = day.add({ days: 1 });
    const candidate = day.toString();
    if (isOpenDay(candidate, venue)) return candidate;
  }
  throw new AlwaysClosedError(date);
}

/** Open days after `from`, up to and including `to`. */
export function openDaysBetween(from: string, to: string, venue: CalendarVenue): number {
  const last = Temporal.PlainDate.from(to);
  let open = 0;
  for (let day = Temporal.PlainDate.from(from).add({ days: 1 }); Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 })) {
    if (isOpenDay(day.toString(), venue)) open++;
  }
  return open;
}

export class AlwaysClosedError extends Error {
  constructor(after: string) {
    super(`The calendar has no open day within ${LONGEST_SEARCH_DAYS} days after ${after}. Set opening hours first.`);
    this.name = 'AlwaysClosedError';
  }
}
