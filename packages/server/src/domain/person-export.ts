import type { Db } from '../store/open-store.ts';
import type { PersonRow } from './person.ts';
import { toPerson } from './person.ts';
import { scanExceptionsOf } from './scan-exceptions.ts';
import { noticesNaming, tracedBy } from './told-traces.ts';
import { toVisit } from './visit.ts';

/** All that is stored about one person, table by table, for handing over [PRV2]. Events and stored answers repeat it for a day, and are left out. */
export async function exportPerson(db: Db, person: PersonRow): Promise<Record<string, unknown>> {
  const of = person.id;
  const visits = await db.selectFrom('visits').selectAll().where('personId', '=', of).orderBy('checkedInAt').execute();
  const notices = await noticesNaming(db, tracedBy(person));
  return {
    person: { ...toPerson(person), erasedAt: person.erasedAt },
    visits: visits.map(toVisit),
    activities: await db.selectFrom('activities').select(['id', 'at', 'type', 'location', 'equipmentId', 'bookId', 'duration', 'metadata']).where('personId', '=', of).orderBy('seq').execute(),
    sessions: await db.selectFrom('equipmentSessions').selectAll().where('personId', '=', of).orderBy('startedAt').execute(),
    waitingList: await db.selectFrom('waitingList').selectAll().where('personId', '=', of).orderBy('createdAt').execute(),
    loans: await db.selectFrom('loans').innerJoin('books', 'books.id', 'loans.bookId').selectAll('loans').select(['books.title', 'books.barcode']).where('personId', '=', of).orderBy('loanedAt').execute(),
    holds: await db.selectFrom('holds').innerJoin('titles', 'titles.id', 'holds.titleId').selectAll('holds').select('titles.title').where('personId', '=', of).orderBy('placedAt').execute(),
    scans: await db.selectFrom('scans').select(['id', 'station', 'barcodeKey', 'receivedAt', 'scannedAt', 'result']).where('personId', '=', of).orderBy('seq').execute(),
    scanExceptions: (await scanExceptionsOf(db, person)).map(({ id, at, station, kind, detail }) => ({ id, at, station, kind, detail })),
    notices: notices.map(({ id, title, message, createdAt }) => ({ id, title, message, createdAt })),
    rollCalls: await db.selectFrom('rollCall').selectAll().where('personId', '=', of).execute(),
    rollCallTicks: await db.selectFrom('rollCallTicks').selectAll().where('personId', '=', of).orderBy('seq').execute(),
    /** When whoever works here looked this person up or changed what is stored. */
    audit: await db.selectFrom('audit').select(['at', 'action']).where('entity', '=', 'person').where('entityId', '=', of).orderBy('seq').execute(),
  };
}
