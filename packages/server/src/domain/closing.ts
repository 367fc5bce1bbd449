import type { Db } from '../store/open-store.ts';
import { checkOut } from './attendance.ts';
import { stayEndsAt } from './calendar.ts';
import { toMs } from './instant.ts';
import { endAll } from './sessions.ts';
import { atInstant, type Unit } from './unit.ts';
import type { Venue } from './venue.ts';
import { emptyQueues } from './waiting-list.ts';

// [CAL2][ATT2] What ends at closing time. Everything follows from when a stay began and from the calendar, so a server that was off at closing
// ends each day's stays at that day's own closing when it comes back.

/** When the first open stay is over: epoch milliseconds, undefined when nobody is here. */
export async function nextStayEndsAt(db: Db, venue: Venue): Promise<number | undefined> {
  const begun = await db
    .selectNoFrom((eb) => [
      eb.selectFrom('visits').select(({ fn }) => fn.min('checkedInAt').as('at')).where('checkedOutAt', 'is', null).as('visit'),
      eb.selectFrom('equipmentSessions').select(({ fn }) => fn.min('startedAt').as('at')).where('status', '=', 'ACTIVE').as('session'),
      eb.selectFrom('waitingList').select(({ fn }) => fn.min('createdAt').as('at')).where('status', 'in', ['WAITING', 'CLAIMED']).as('waiting'),
    ])
    .executeTakeFirstOrThrow();
  const ends = [begun.visit, begun.session, begun.waiting].filter((at) => at !== null).map((at) => stayEndsAt(toMs(at), venue));
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** Ends the stays that are over: nobody waits any more, visits and sessions end at their closing. */
export async function closeWhatIsOver(unit: Unit): Promise<void> {
  await close(unit, (beganAt) => stayEndsAt(toMs(beganAt), unit.venue));
}

/** Ends everything at this moment: the library closes now although its hours said otherwise. */
export async function closeNow(unit: Unit): Promise<void> {
  await close(unit, () => unit.now);
}

async function close(unit: Unit, endOf: (beganAt: string) => number): Promise<void> {
  const { db, now } = unit;
  // Queues first: what the sessions free must not be kept for anybody.
  const waiting = await db.selectFrom('waitingList').select('createdAt').where('status', 'in', ['WAITING', 'CLAIMED']).execute();
  if (waiting.some((entry) => endOf(entry.createdAt) <= now)) await emptyQueues(unit);

  const visits = await db.selectFrom('visits').selectAll().where('checkedOutAt', 'is', null).orderBy('checkedInAt').execute();
  for (const visit of visits) {
    const endMs = endOf(visit.checkedInAt);
    if (endMs <= now) await checkOut(unit, visit, 'CLOSING', endMs);
  }
  // Sessions of people who never checked in.
  const sessions = await db.selectFrom('equipmentSessions').selectAll().where('status', '=', 'ACTIVE').orderBy('startedAt').execute();
  for (const session of sessions) {
    const endMs = endOf(session.startedAt);
    if (endMs <= now) await endAll(atInstant(unit, endMs), [session], 'TERMINATED', 'CLOSING');
  }
}
