import { localDate, localTime, MINUTE_MS, toInstant } from './instant.ts';
import { insideByLocation } from './locations.ts';
import type { Venue } from './venue.ts';
import type { Db } from '../store/open-store.ts';

/** A peak begins above this share of the venue's capacity … */
const BEGINS_ABOVE = 0.8;
/** … and ends below this one: one person in the door must not make two peaks. */
const ENDS_BELOW = 0.7;
const RECENT_MS = 15 * MINUTE_MS;
const QUARTERS_PER_HOUR = 4;
/** The usual is the mean of the same weekday and hour of so many weeks, those in which anybody came at all. */
const WEEKS_LOOKED_AT = 8;
/** A rush of three people is none. */
const FEWEST_ARRIVALS = 5;

/** Both marks of [DSH2], so that each peak is told once: `occupancy` while it lasts, arrivals once in an hour of a day. */
export const OCCUPANCY_MARK = 'peak occupancy';
export const arrivalsMark = (now: number, venue: Venue): string => `peak arrivals ${localTime(now, venue.settings.timezone).toString({ smallestUnit: 'minute', timeZoneName: 'never', offset: 'never' }).slice(0, 13)}`;

export interface PeakState {
  readonly inside: number;
  readonly capacity: number;
  readonly arrivals: number;
  readonly usualArrivals: number;
}

export function occupancyPeak({ inside, capacity }: PeakState, marked: boolean): 'begins' | 'ends' | undefined {
  if (!marked && inside > capacity * BEGINS_ABOVE) return 'begins';
  return marked && inside < capacity * ENDS_BELOW ? 'ends' : undefined;
}

/** More than twice the usual within a quarter of an hour; where nothing is usual yet nothing is unusual. */
export function arrivalsPeak({ arrivals, usualArrivals }: PeakState): boolean {
  return arrivals >= FEWEST_ARRIVALS && usualArrivals > 0 && arrivals > 2 * usualArrivals;
}

export async function peakState(db: Db, venue: Venue, now: number): Promise<PeakState> {
  const zone = venue.settings.timezone;
  const inside = [...(await insideByLocation(db)).values()].reduce((sum, count) => sum + count, 0);
  const capacity = venue.settings.locations.reduce((sum, location) => sum + location.capacity, 0);
  const recent = await db
    .selectFrom('visits')
    .select(({ fn }) => fn.countAll().as('n'))
    .where('localDate', 'in', [localDate(now - RECENT_MS, zone), localDate(now, zone)])
    .where('checkedInAt', '>', toInstant(now - RECENT_MS))
    .where('checkedInAt', '<=', toInstant(now))
    .executeTakeFirstOrThrow();
  const arrivals = Number(recent.n);
  return { inside, capacity, arrivals, usualArrivals: arrivals < FEWEST_ARRIVALS ? 0 : await usualArrivals(db, venue, now) };
}

/** Arrivals in a quarter of an hour that this weekday and hour usually have. */
async function usualArrivals(db: Db, venue: Venue, now: number): Promise<number> {
  const local = localTime(now, venue.settings.timezone);
  const dates = Array.from({ length: WEEKS_LOOKED_AT }, (_, week) => local.toPlainDate().subtract({ weeks: week + 1 }).toString());
  const days = await db.selectFrom('visits').select(({ fn }) => ['localDate', fn.countAll().as('n')]).where('localDate', 'in', dates).groupBy('localDate').execute();
  if (days.length === 0) return 0;
  const { n } = await db.selectFrom('visits').select(({ fn }) => fn.countAll().as('n')).where('localDate', 'in', dates).where('localHour', '=', local.hour).executeTakeFirstOrThrow();
  return Number(n) / days.length / QUARTERS_PER_HOUR;
}
