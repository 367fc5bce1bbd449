import { STAFF_ROLES } from '@clms/protocol';
import type { Db } from '../store/open-store.ts';
import { stayEndsAt } from './calendar.ts';
import { equipmentById, type SessionRow } from './equipment-rows.ts';
import { publishEquipment } from './equipment-view.ts';
import { MINUTE_MS, toInstant, toMs } from './instant.ts';
import { raiseNotice } from './notices.ts';
import { findPerson } from './people.ts';
import { personName } from './present.ts';
import { dueWarning } from './session-warnings.ts';
import { endAll } from './sessions.ts';
import type { Unit } from './unit.ts';
import type { Venue } from './venue.ts';

export function runningSessions(db: Db): Promise<SessionRow[]> {
  return db.selectFrom('equipmentSessions').selectAll().where('status', '=', 'ACTIVE').where('endsAt', 'is not', null).orderBy('endsAt').execute();
}

/** [EQP3] Ends sessions whose time is over, and warns of those that end soon. */
export async function meetDeadlines(unit: Unit): Promise<void> {
  const sessions = await runningSessions(unit.db);
  await endAll(unit, sessions.filter((session) => session.endsAt! <= unit.at), 'EXPIRED', 'TIME_LIMIT');
  for (const session of sessions) {
    const warning = dueWarning(session, unit.now);
    if (warning !== undefined) await warn(unit, session, warning);
  }
}

/**
 * [EQP2] The calendar has changed: sessions that would outlast their day's closing now end at it, and are warned of that end. What is over at
 * once is the closing's to end. A later closing gives nobody more time: that is an extension's to do.
 */
export async function endSessionsByClosing(unit: Unit, venue: Venue): Promise<void> {
  const shortened: string[] = [];
  for (const session of await runningSessions(unit.db)) {
    const closesMs = stayEndsAt(toMs(session.startedAt), venue);
    if (closesMs <= unit.now || closesMs >= toMs(session.endsAt!)) continue;
    await unit.db.updateTable('equipmentSessions').set({ endsAt: toInstant(closesMs), warnedMinutes: null, updatedAt: unit.at, version: session.version + 1 }).where('id', '=', session.id).execute();
    shortened.push(session.equipmentId);
  }
  await publishEquipment(unit, shortened);
}

async function warn(unit: Unit, session: SessionRow, warning: number): Promise<void> {
  await unit.db.updateTable('equipmentSessions').set({ warnedMinutes: warning }).where('id', '=', session.id).execute();
  const item = await equipmentById(unit.db, session.equipmentId);
  const person = session.personId === null ? undefined : await findPerson(unit.db, session.personId);
  // A warning that comes late says what is left now.
  const minutes = Math.ceil((toMs(session.endsAt!) - unit.now) / MINUTE_MS);
  await raiseNotice(unit, {
    title: 'Time Limit Warning',
    message: `${person ? personName(person, 'staff') : 'The session'} has ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} remaining on ${item.name}`,
    priority: warning === 1 ? 'HIGH' : 'MEDIUM',
    category: 'EQUIPMENT',
    recipients: { roles: [...STAFF_ROLES] },
    actions: [{ id: 'open', label: 'Show the station', url: `/equipment?item=${item.id}` }],
    expiresAt: session.endsAt!,
    cause: 'TIME_LIMIT_WARNING',
    causeKey: `${session.id}:${session.endsAt}:${warning}`,
  });
}
