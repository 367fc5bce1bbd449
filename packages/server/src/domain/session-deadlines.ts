import { STAFF_ROLES } from '@clms/protocol';
import type { Db } from '../store/open-store.ts';
import { equipmentById, type SessionRow } from './equipment-rows.ts';
import { MINUTE_MS, toMs } from './instant.ts';
import { raiseNotice } from './notices.ts';
import { findPerson } from './people.ts';
import { personName } from './present.ts';
import { dueWarning } from './session-warnings.ts';
import { endAll } from './sessions.ts';
import type { Unit } from './unit.ts';

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
