import { closingTime, isOpenDay, nextOpenDay } from './calendar.ts';
import { instantAt, localDate, toInstant, toMs } from './instant.ts';
import { END_OF_DAY } from './loan-calendar.ts';
import type { Unit } from './unit.ts';
import type { Venue } from './venue.ts';

/**
 * A closing that was not planned moves the loans that were to come back on that day to the next open day, and undoing it in time puts them
 * back. Only days that the change itself closed count: a mode that lets loans end on a Sunday goes on to do so.
 * Returns how many loans have another due date now.
 */
export async function redateLoans(unit: Unit, before: Venue, after: Venue): Promise<number> {
  const zone = after.settings.timezone;
  const today = localDate(unit.now, zone);
  const loans = await unit.db.selectFrom('loans').selectAll().where('returnedAt', 'is', null).where('lost', '=', 0).where((eb) => eb.or([eb('dueAt', '>=', unit.at), eb('plannedDueAt', 'is not', null)])).execute();
  let moved = 0;
  for (const loan of loans) {
    const planned = loan.plannedDueAt ?? loan.dueAt;
    const day = localDate(toMs(planned), zone);
    const wasMoved = loan.plannedDueAt !== null;
    if (day < today || !(wasMoved || usable(day, today, unit.now, before))) continue;
    const dueAt = usable(day, today, unit.now, after) ? planned : toInstant(instantAt(nextOpenDay(day, after), END_OF_DAY, zone));
    if (dueAt === loan.dueAt) continue;
    moved++;
    await unit.db
      .updateTable('loans')
      .set({ dueAt, plannedDueAt: dueAt === planned ? null : planned, noticedAt: null, version: loan.version + 1, updatedAt: unit.at })
      .where('id', '=', loan.id)
      .execute();
  }
  return moved;
}

/**
 * [CIR3] The venue's zone was set right: what runs to the end of a day runs to the end of that date there. What would be over by this keeps its
 * instant, so that nobody is late by a correction.
 */
export async function rezoneDeadlines(unit: Unit, from: string, to: string): Promise<void> {
  const moved = (at: string): string => {
    const there = toInstant(instantAt(localDate(toMs(at), from), END_OF_DAY, to));
    return there > unit.at ? there : at;
  };
  const loans = await unit.db.selectFrom('loans').selectAll().where('returnedAt', 'is', null).where('lost', '=', 0).where('dueAt', '>=', unit.at).execute();
  for (const { id, dueAt, plannedDueAt, version } of loans) {
    const change = { dueAt: moved(dueAt), plannedDueAt: plannedDueAt && moved(plannedDueAt), version: version + 1, updatedAt: unit.at };
    await unit.db.updateTable('loans').set(change).where('id', '=', id).execute();
  }
  const holds = await unit.db.selectFrom('holds').selectAll().where('status', '=', 'READY').where('readyUntil', '>=', unit.at).execute();
  for (const { id, readyUntil, version } of holds) {
    await unit.db.updateTable('holds').set({ readyUntil: moved(readyUntil!), version: version + 1, updatedAt: unit.at }).where('id', '=', id).execute();
  }
}

/** Whether a book can still be brought back on this day. */
function usable(day: string, today: string, now: number, venue: Venue): boolean {
  return day === today ? closingTime(now, venue) !== undefined : isOpenDay(day, venue);
}
