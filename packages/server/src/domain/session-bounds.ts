import type { Db } from '../store/open-store.ts';
import { closingTime, isOpen } from './calendar.ts';
import { claimOn, openSessionsOn, type EquipmentRow, type SessionRow } from './equipment-rows.ts';
import { localDate, MINUTE_MS, toMs } from './instant.ts';
import { extensionBound, startBound, type SessionBound } from './session-limit.ts';
import type { Venue } from './venue.ts';

type Item = Pick<EquipmentRow, 'id' | 'seats' | 'maxMinutes'>;

interface Moment {
  readonly db: Db;
  readonly now: number;
  readonly venue: Venue;
}

/**
 * Milliseconds of the person's daily budget that are left on the local date of `now` [EQP2]. A running session counts to its granted end, so
 * minutes cannot be granted twice.
 */
async function dailyLeftMs({ db, now, venue }: Moment, personId: string): Promise<number> {
  const sessions = await db
    .selectFrom('equipmentSessions')
    .select(['startedAt', 'endedAt', 'endsAt'])
    .where('personId', '=', personId)
    .where('localDate', '=', localDate(now, venue.settings.timezone))
    .execute();
  const usedMs = sessions.reduce((sum, { startedAt, endedAt, endsAt }) => sum + toMs(endedAt ?? endsAt ?? startedAt) - toMs(startedAt), 0);
  return venue.policies.sessions.dailyMinutes * MINUTE_MS - usedMs;
}

/**
 * Closing bounds only sessions inside opening hours. Outside of them staff may still start one (an evening event): then the daily budget and
 * the closing of the next day hold.
 */
const closesAt = ({ now, venue }: Moment): number | undefined => (isOpen(now, venue) ? closingTime(now, venue) : undefined);

/** [EQP2] When a stretch that begins at `fromMs` ends. What is cut by closing ends at closing itself, not at the whole minute before. */
export function endOf(moment: Moment, fromMs: number, bound: SessionBound, minutes = bound.minutes): number {
  const closing = bound.reason === 'CLOSING' && minutes >= bound.minutes ? closesAt(moment) : undefined;
  return closing ?? fromMs + Math.min(minutes, bound.minutes) * MINUTE_MS;
}

/** The item is promised from now on when every free seat is claimed by another. */
async function reservedAt({ db, now }: Moment, item: Item, personId: string): Promise<number | undefined> {
  const claim = await claimOn(db, item.id);
  if (!claim || claim.personId === personId) return undefined;
  const open = await openSessionsOn(db, item.id);
  return item.seats - open.length <= 1 ? now : undefined;
}

export interface Patron {
  readonly id: string;
  readonly gradeCategory: string | null;
}

/** [EQP2] How long this person could use the item from now on. `ignoring`: bounds that staff decided against. */
export async function boundOfStart(moment: Moment, item: Item, person: Patron, { ignoring = [] }: { ignoring?: readonly ('DAILY' | 'CLOSING')[] } = {}): Promise<SessionBound> {
  const { minutes, dailyMinutes } = moment.venue.policies.sessions;
  return startBound({
    now: moment.now,
    categoryMinutes: minutes[person.gradeCategory ?? 'default'] ?? null,
    itemMinutes: item.maxMinutes,
    dailyLeftMs: ignoring.includes('DAILY') ? dailyMinutes * MINUTE_MS : await dailyLeftMs(moment, person.id),
    reservedAt: await reservedAt(moment, item, person.id),
    closesAt: ignoring.includes('CLOSING') ? undefined : closesAt(moment),
  });
}

/** [EQP4] What could be added to this session now. */
export async function boundOfExtension(moment: Moment, item: Item, session: SessionRow, stepMinutes: number): Promise<SessionBound> {
  const startedAt = toMs(session.startedAt);
  return extensionBound(
    { startedAt, endsAt: session.endsAt === null ? startedAt : toMs(session.endsAt) },
    {
      itemMinutes: item.maxMinutes,
      dailyLeftMs: session.personId === null ? 0 : await dailyLeftMs(moment, session.personId),
      closesAt: closesAt(moment),
    },
    stepMinutes,
  );
}
