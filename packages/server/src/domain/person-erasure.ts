import type { NewEvent } from '@clms/realtime';
import { openVisitOf, checkOut } from './attendance.ts';
import { tellEmergency } from './emergency.ts';
import { openLoansOf } from './loan-view.ts';
import { personById } from './people.ts';
import type { PersonRow } from './person.ts';
import { leaveQueues } from './person-queues.ts';
import { conflict } from './refusal.ts';
import { lockPerson } from './row-locks.ts';
import { scanExceptionsOf } from './scan-exceptions.ts';
import { endSessionsOf } from './sessions.ts';
import { forgetInActivities, rewriteActivities, rewriteEvents, rewriteImports, rewriteWords, tracedBy } from './told-traces.ts';
import type { Unit } from './unit.ts';
import { withoutPerson } from './without-person.ts';

/** Lets go of what a broker still could tell of these events. Called after the commit. */
export type ForgetEvents = (events: readonly NewEvent[]) => void;

/**
 * Takes a person's data out [PRV2]: what still runs ends first, then every row about the past stays for the statistics without its person, and
 * the person's own row keeps nothing but its grade category. Books must come back before. Events and notices that named the person are
 * rewritten and told again, and `forget` cuts the history that brokers keep of them.
 */
export async function erasePerson(unit: Unit, id: string, reason: string, forget: ForgetEvents): Promise<PersonRow> {
  const { db, at } = unit;
  await lockPerson(unit, id);
  const person = await personById(db, id);
  if (person.erasedAt !== null) throw conflict('PERSON_ERASED', 'The data of this person were erased already.', { erasedAt: person.erasedAt });
  const loans = await openLoansOf(db, id);
  if (loans.length > 0) throw conflict('OPEN_LOANS', 'This person has books out. Take them back, or mark them as lost and returned, first.', { loanIds: loans.map((loan) => loan.id) });
  const traced = tracedBy(person);
  // What was told is told again, and what ends now is told once, without the name.
  await rewriteActivities(unit, id);
  await endWhatRuns({ ...unit, publish: (topic, type, data, meta) => unit.publish(topic, type, withoutPerson(data, traced), meta) }, id);

  await db.updateTable('visits').set({ personId: null, reason: null }).where('personId', '=', id).execute();
  await forgetInActivities(db, id);
  await db.updateTable('equipmentSessions').set({ personId: null }).where('personId', '=', id).execute();
  await db.updateTable('loans').set({ personId: null, overrideReason: null }).where('personId', '=', id).execute();
  for (const table of ['holds', 'waitingList', 'scans', 'rollCall', 'rollCallTicks'] as const) await db.deleteFrom(table).where('personId', '=', id).execute();
  // A school id that was scanned in place of the card was nobody's then, and names the person still.
  await db.deleteFrom('scans').where('barcodeKey', 'in', [person.barcodeKey, person.schoolIdKey]).execute();
  const exceptions = await scanExceptionsOf(db, person);
  if (exceptions.length > 0) await db.deleteFrom('scanExceptions').where('id', 'in', exceptions.map((exception) => exception.id)).execute();
  await rewriteWords(unit, traced);
  await rewriteImports(db, { id, words: [person.schoolId, person.barcode] });
  const named = await rewriteEvents(unit, traced);
  for (const emergency of await db.selectFrom('emergencies').selectAll().where('clearedAt', 'is', null).execute()) await tellEmergency(unit, emergency);
  unit.afterCommit(() => forget(named));

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
  await leaveQueues(unit, [id]);
}
