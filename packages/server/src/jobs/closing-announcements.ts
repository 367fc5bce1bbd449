import { openingsOn, type Opening } from '../domain/calendar.ts';
import { dateAfter, localDate, MINUTE_MS, toInstant } from '../domain/instant.ts';
import type { Venue } from '../domain/venue.ts';
import { wallTime } from '../domain/wall-time.ts';
import type { Db } from '../store/open-store.ts';
import type { Job } from './job.ts';

/** Minutes before closing at which everybody is told, and how pressing it is [CAL2]. */
const ANNOUNCED = [
  { minutes: 30, urgency: 'LOW' },
  { minutes: 10, urgency: 'MEDIUM' },
] as const;

interface Announcement {
  /** Names the closing by its instant: a closing that is moved is announced anew. */
  readonly mark: string;
  readonly atMs: number;
  readonly closesAt: number;
  readonly urgency: 'LOW' | 'MEDIUM';
}

/** Says "closing soon" once per announcement. One that was missed is made up for while the library is still open; the later one takes its place. */
export const closingAnnouncements: Job = {
  name: 'closing-announcements',
  async nextDueAt(db, now, venue) {
    const open = await unannounced(db, now, venue);
    return open.length === 0 ? undefined : Math.min(...open.map((announcement) => announcement.atMs));
  },
  async run(unit) {
    const due = (await unannounced(unit.db, unit.now, unit.venue)).filter((announcement) => announcement.atMs <= unit.now);
    const latest = due.at(-1);
    if (!latest) return;
    await unit.db.insertInto('jobMarks').values(due.map(({ mark }) => ({ key: mark, at: unit.at }))).execute();
    const minutes = Math.ceil((latest.closesAt - unit.now) / MINUTE_MS);
    const message = `Library closing in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}, at ${wallTime(latest.closesAt, unit.venue.settings.timezone)}`;
    unit.send({ all: true }, 'system_announcement', { message, urgency: latest.urgency, closesAt: toInstant(latest.closesAt) });
  },
};

/** Announcements of the closings of today and tomorrow that lie ahead and were not made, in order. The runner asks again within a minute. */
async function unannounced(db: Db, now: number, venue: Venue): Promise<Announcement[]> {
  const zone = venue.settings.timezone;
  const openings = [localDate(now, zone), dateAfter(localDate(now, zone), 1)].flatMap((date) => openingsOn(date, venue)).filter(({ closesAt }) => closesAt > now);
  const planned = openings.flatMap(announcementsOf);
  if (planned.length === 0) return [];
  const made = await db.selectFrom('jobMarks').select('key').where('key', 'in', planned.map(({ mark }) => mark)).execute();
  const marks = new Set(made.map(({ key }) => key));
  return planned.filter(({ mark }) => !marks.has(mark));
}

/** Nobody is told of a closing before the doors have opened. */
function announcementsOf({ opensAt, closesAt }: Opening): Announcement[] {
  return ANNOUNCED.map(({ minutes, urgency }) => ({ mark: `closing ${toInstant(closesAt)} -${minutes}`, atMs: closesAt - minutes * MINUTE_MS, closesAt, urgency })).filter(({ atMs }) => atMs >= opensAt);
}
