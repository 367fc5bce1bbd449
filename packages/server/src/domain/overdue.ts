import { STAFF_ROLES } from '@clms/protocol';
import type { Db } from '../store/open-store.ts';
import { toInstant, toMs } from './instant.ts';
import { overdueNoticeAt } from './loan-calendar.ts';
import type { LoanRow } from './loan-view.ts';
import { raiseNotice } from './notices.ts';
import { findPerson } from './people.ts';
import { personName } from './present.ts';
import type { Unit } from './unit.ts';
import type { Venue } from './venue.ts';
import { wallDay } from './wall-time.ts';

const remindable = (db: Db) => db.selectFrom('loans').where('returnedAt', 'is', null).where('lost', '=', 0);

/**
 * When the next notice is due, in epoch milliseconds; undefined = never, as far as is known. Asked after every commit, so it looks at two loans
 * only: who fell due first is reminded first, and so is who was reminded longest ago.
 */
export async function nextOverdueNotice(db: Db, now: number, venue: Venue): Promise<number | undefined> {
  const first = await remindable(db).where('noticedAt', 'is', null).select(({ fn }) => fn.min('dueAt').as('dueAt')).executeTakeFirst();
  const again = await remindable(db).where('dueAt', '<', toInstant(now)).select(({ fn }) => fn.min('noticedAt').as('noticedAt')).executeTakeFirst();
  const instants = [
    first?.dueAt ? overdueNoticeAt({ dueAt: first.dueAt, noticedAt: null }, venue) : undefined,
    again?.noticedAt ? overdueNoticeAt({ dueAt: again.noticedAt, noticedAt: again.noticedAt }, venue) : undefined,
  ].filter((at) => at !== undefined);
  return instants.length === 0 ? undefined : Math.min(...instants);
}

/** [CIR6] Sends what is due, from the loans as they are now: a book that came back this morning is not asked for. */
export async function sendOverdueNotices(unit: Unit): Promise<void> {
  for (const loan of await remindable(unit.db).where('dueAt', '<', unit.at).selectAll().orderBy('dueAt').execute()) {
    const dueAt = overdueNoticeAt(loan, unit.venue);
    if (dueAt !== undefined && dueAt <= unit.now) await notify(unit, loan);
  }
}

async function notify(unit: Unit, loan: LoanRow): Promise<void> {
  const book = await unit.db.selectFrom('books').select(['title', 'barcode']).where('id', '=', loan.bookId).executeTakeFirstOrThrow();
  const person = loan.personId === null ? undefined : await findPerson(unit.db, loan.personId);
  await unit.db.updateTable('loans').set({ noticedAt: unit.at }).where('id', '=', loan.id).execute();
  const dueOn = wallDay(toMs(loan.dueAt), unit.venue.settings.timezone);
  if (person) unit.send({ userId: person.id }, 'personal_notification', { message: `"${book.title}" was due on ${dueOn}`, actionRequired: true, loanId: loan.id });
  await raiseNotice(unit, {
    title: 'Overdue book',
    message: `"${book.title}" (${book.barcode}) was due on ${dueOn}${person ? `: ${personName(person, 'staff')}` : ''}`,
    priority: 'LOW',
    category: 'BOOK',
    recipients: { roles: [...STAFF_ROLES] },
    cause: 'OVERDUE',
    causeKey: `${loan.id}:${loan.dueAt}:${unit.at}`,
  });
}
