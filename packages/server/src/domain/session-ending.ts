import { recordActivity } from './activities.ts';
import { equipmentById, type EquipmentRow, type SessionRow } from './equipment-rows.ts';
import { toInstant, toMs } from './instant.ts';
import { findPerson } from './people.ts';
import type { Unit } from './unit.ts';

export type SessionEnd = 'COMPLETED' | 'EXPIRED' | 'TERMINATED';

/**
 * Ends one running session, unless another node has meanwhile, and writes its activity with the duration. Does not tell the item's new state: the caller passes freed items on
 * (`passOn`), once for all that one command freed.
 */
export async function closeSession(unit: Unit, session: SessionRow, status: SessionEnd, reason: string): Promise<EquipmentRow> {
  const item = await equipmentById(unit.db, session.equipmentId);
  // A session whose deadline passed while the server was down ended then, not now: the day's budget must not pay for the outage.
  const endedMs = session.endsAt === null ? unit.now : Math.min(unit.now, toMs(session.endsAt));
  const { numUpdatedRows } = await unit.db
    .updateTable('equipmentSessions')
    .set({ status, endReason: reason, endedAt: toInstant(endedMs), updatedAt: unit.at, version: session.version + 1 })
    .where('id', '=', session.id)
    .where('status', '=', 'ACTIVE')
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return item;
  const person = session.personId === null ? undefined : await findPerson(unit.db, session.personId);
  await recordActivity(unit, {
    type: 'EQUIPMENT_USE',
    ...(person && { person }),
    location: item.location,
    equipment: item,
    atMs: endedMs,
    duration: Math.max(0, Math.round((endedMs - toMs(session.startedAt)) / 1000)),
    metadata: { event: 'END', sessionId: session.id, reason },
  });
  return item;
}
