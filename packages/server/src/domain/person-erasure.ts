import { openVisitOf, checkOut } from './attendance.ts';
import { cancelHold } from './holds.ts';
import { openLoansOf } from './loan-view.ts';
import { personById } from './people.ts';
import type { PersonRow } from './person.ts';
import { conflict } from './refusal.ts';
import { lockPerson } from './row-locks.ts';
import { endSessionsOf } from './sessions.ts';
import type { Unit } from './unit.ts';
import { leaveWaitingList } from './waiting-list.ts';

/**
 * Takes a person's data out [PRV2]: what still runs ends first, then every row about the past stays for the statistics without its person, and
 * the person's own row keeps nothing but its grade category. Books must come back before. What events hold of the name leaves with the
 * history of topics, at the latest a day later.
 */
export async function erasePerson(unit: Unit, id: string, reason: string): Promise<PersonRow> {
  const { db, at } = unit;
  await lockPerson(unit, id);
  const person = await personById(db, id);
  if (person.erasedAt !== null) throw conflict('PERSON_ERASED', 'The data of this person were erased already.', { erasedAt: person.erasedAt });
  const loans = await openLoansOf(db, id);
  if (loans.length > 0) throw conflict('OPEN_LOANS', 'This person has books out. Take them back, or mark them as lost and returned, first.', { loanIds: loans.map((loan) => loan.id) });
  await endWhatRuns(unit, id);

  await db.updateTable('visits').set({ personId: null, reason: null }).where('personId', '=', id).execute();
  await db.updateTable('activities').set({ personId: null, metadata: null }).where('personId', '=', id).execute();
  await db.updateTable('equipmentSessions').set({ personId: null }).where('personId', '=', id).execute();
  await db.updateTable('loans').set({ personId: null, overrideReason: null }).where('personId', '=', id).execute();
  await db.deleteFrom('holds').where('personId', '=', id).execute();
  await db.deleteFrom('waitingList').where('personId', '=', id).execute();
  await db.deleteFrom('scans').where('personId', '=', id).execute();
  await db.deleteFrom('scanExceptions').where('barcode', '=', person.barcode).execute();
  await db.deleteFrom('rollCall').where('personId', '=', id).execute();
  await db.deleteFrom('rollCallTicks').where('personId', '=', id).execute();

  const mark = `erased-${id}`;
  const erased: PersonRow = {
    ...person, schoolId: mark, schoolIdKey: mark, barcode: mark, barcodeKey: mark, surname: '', givenName: '', searchKey: '', gradeLevel: null, strand: null, section: null, sex: null, active: 0, erasedAt: at,
    version: person.version + 1, updatedAt: at,
  };
  await db.updateTable('people').set(erased).where('id', '=', id).execute();
  unit.audit({ action: 'PERSON_ERASED', entity: 'person', entityId: id, details: { reason } });
  return erased;
}

async function endWhatRuns(unit: Unit, id: string): Promise<void> {
  const visit = await openVisitOf(unit.db, id);
  if (visit) await checkOut(unit, visit, 'ERASED');
  await endSessionsOf(unit, id, 'ERASED');
  const holds = await unit.db.selectFrom('holds').select('id').where('personId', '=', id).where('status', 'in', ['WAITING', 'READY']).execute();
  for (const hold of holds) await cancelHold(unit, hold.id);
  const places = await unit.db.selectFrom('waitingList').select('id').where('personId', '=', id).where('status', 'in', ['WAITING', 'CLAIMED']).execute();
  for (const place of places) await leaveWaitingList(unit, place.id);
}
