import { inChunks } from '../store/chunks.ts';
import { cancelHold } from './holds.ts';
import { personById, updatePerson, type PersonRow } from './people.ts';
import type { PersonPatch } from './person.ts';
import type { Unit } from './unit.ts';
import { leaveWaitingList } from './waiting-list.ts';

/** Changes the named fields of a person. Whoever is deactivated by it waits for nothing any more [PPL3]. */
export async function changePerson(unit: Unit, id: string, patch: PersonPatch, ifMatch?: number): Promise<PersonRow> {
  const before = await personById(unit.db, id);
  const after = await updatePerson(unit, id, patch, ifMatch);
  if (before.active === 1 && after.active === 0) await leaveQueues(unit, [id]);
  return after;
}

/**
 * Takes people off every list they wait on, and passes on what was kept for them: a copy or a station kept for somebody who may not have it
 * stands idle while others wait. Loans, visits and sessions go on until they end.
 */
export async function leaveQueues(unit: Unit, personIds: readonly string[]): Promise<void> {
  for (const ids of inChunks(personIds)) {
    const holds = await unit.db.selectFrom('holds').select('id').where('personId', 'in', ids).where('status', 'in', ['WAITING', 'READY']).orderBy('titleId').execute();
    for (const hold of holds) await cancelHold(unit, hold.id);
    const places = await unit.db.selectFrom('waitingList').select('id').where('personId', 'in', ids).where('status', 'in', ['WAITING', 'CLAIMED']).orderBy('type').execute();
    for (const place of places) await leaveWaitingList(unit, place.id);
  }
}
