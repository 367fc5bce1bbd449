import { newId } from '../ids.ts';
import { recordActivity } from './activities.ts';
import { bookById, type BookRow } from './books.ts';
import { endHold, freeCopies, holdOnCopy, keepFreeCopies, waitingHolds } from './hold-queue.ts';
import { holdEntity, type Hold } from './holds.ts';
import { localDate, toMs } from './instant.ts';
import { dueAtFor } from './loan-calendar.ts';
import { loanDays, objectionsToLoan, objectionToRenewal } from './loan-rules.ts';
import { accruedFine, loanById, loanEntity, openLoanOfBook, openLoansOf, type Loan, type LoanRow } from './loan-view.ts';
import { reasonToOverrule } from './overruling.ts';
import { findPerson, personById, type PersonRow } from './people.ts';
import { conflict } from './refusal.ts';
import { lockPerson, lockTitle } from './row-locks.ts';
import type { Unit } from './unit.ts';

export interface Borrow {
  readonly bookId: string;
  readonly personId: string;
  /** Staff decide against the rules; written to the audit with the reason. */
  readonly override?: boolean | undefined;
  readonly reason?: string | undefined;
}

/** [CIR2] Lends a copy. A copy that is out on another loan cannot be lent by anybody [CIR1]. */
export async function borrow(unit: Unit, input: Borrow): Promise<Loan> {
  const { db } = unit;
  const book = await bookById(db, input.bookId);
  await lockPerson(unit, input.personId);
  await lockTitle(unit, book.titleId);
  const person = await personById(db, input.personId);
  const out = await openLoanOfBook(db, book.id);
  if (out) {
    const { studentName } = await loanEntity(db, out, unit.now, unit.venue);
    throw conflict('BOOK_ON_LOAN', `"${book.title}" is out on loan.`, { loanId: out.id, studentId: out.personId, ...(studentName !== undefined && { studentName }), dueAt: out.dueAt });
  }
  if (book.lost || !book.active) throw conflict('BOOK_LOST', `"${book.title}" is marked as lost. Return it first.`, { bookId: book.id });
  const kept = await holdOnCopy(db, book.id);
  const heldFor = kept && kept.personId !== person.id ? kept : undefined;
  const days = loanDays({ location: book.location, gradeCategory: person.gradeCategory, collectionCode: book.collectionCode }, unit.venue.policies.loans.days);
  const objections = objectionsToLoan(await borrowFacts(unit, person, heldFor, days));
  const [objection] = objections;
  if (objection && input.override !== true) throw objection;
  const overruled = objections.map(({ code }) => code);
  const overrideReason = objection ? reasonToOverrule(overruled, input.reason) : null;
  if (heldFor) await endHold(unit, heldFor, 'WAITING');
  const loan: LoanRow = {
    id: newId('loan'), version: 1, createdAt: unit.at, updatedAt: unit.at, bookId: book.id, titleId: book.titleId, personId: person.id, gradeCategory: person.gradeCategory, collectionCode: book.collectionCode, loanedAt: unit.at,
    dueAt: dueAtFor(unit.now, days, unit.venue), returnedAt: null, renewals: 0, fine: 0, lost: 0, overrideReason, noticedAt: null, plannedDueAt: null, localDate: localDate(unit.now, unit.venue.settings.timezone),
  };
  await db.insertInto('loans').values(loan).execute();
  await collectOwnHold(unit, person.id, book);
  await keepFreeCopies(unit, book.titleId);
  if (objection) unit.audit({ action: 'LOAN_OVERRIDE', entity: 'loan', entityId: loan.id, details: { overruled, reason: overrideReason } });
  await recordActivity(unit, { type: 'BOOK_BORROW', person, book, metadata: { loanId: loan.id, dueAt: loan.dueAt } });
  return loanEntity(db, loan, unit.now, unit.venue);
}

export type Returned = Loan & { readonly hold?: Hold };

/** [CIR5] Takes a copy back: the fine stands from here on, and the copy is kept for the first who waits (`hold`). A lost copy is found by this. */
export async function returnLoan(unit: Unit, loan: Pick<LoanRow, 'id'>): Promise<Returned> {
  const { db } = unit;
  await lockTitle(unit, (await loanById(db, loan.id)).titleId);
  const open = await loanById(db, loan.id);
  if (open.returnedAt !== null) throw conflict('ALREADY_RETURNED', 'This loan has been returned.', { returnedAt: open.returnedAt });
  const book = await bookById(db, open.bookId);
  const returned: LoanRow = { ...open, returnedAt: unit.at, fine: open.lost ? open.fine : accruedFine(open, book.price, unit.now, unit.venue), lost: 0, version: open.version + 1, updatedAt: unit.at };
  await db.updateTable('loans').set(returned).where('id', '=', open.id).execute();
  if (book.lost) await markLost(unit, book, 0);
  const person = open.personId === null ? undefined : await findPerson(db, open.personId);
  await recordActivity(unit, { type: 'BOOK_RETURN', person, book, duration: Math.round((unit.now - toMs(open.loanedAt)) / 1000), metadata: { loanId: open.id, fine: returned.fine } });
  await keepFreeCopies(unit, book.titleId, book.id);
  const kept = await holdOnCopy(db, book.id);
  return { ...(await loanEntity(db, returned, unit.now, unit.venue)), ...(kept && { hold: await holdEntity(db, kept) }) };
}

/** [CIR4] Gives a loan its days again, from the present due date or from today as the policy says. */
export async function renewLoan(unit: Unit, id: string): Promise<Loan> {
  const { db, venue } = unit;
  await lockTitle(unit, (await loanById(db, id)).titleId);
  const loan = await loanById(db, id);
  if (loan.returnedAt !== null || loan.lost) throw conflict(loan.lost ? 'BOOK_LOST' : 'ALREADY_RETURNED', 'This loan is not open.', { returnedAt: loan.returnedAt });
  const book = await bookById(db, loan.bookId);
  const policy = venue.policies.loans;
  const days = loanDays({ location: book.location, gradeCategory: loan.gradeCategory, collectionCode: loan.collectionCode }, policy.days);
  const newDueAt = dueAtFor(policy.renewFrom === 'TODAY' ? unit.now : toMs(loan.dueAt), days, venue);
  const waiting = (await waitingHolds(db, loan.titleId)).filter((hold) => hold.personId !== loan.personId).length;
  const objection = objectionToRenewal({ renewals: loan.renewals, maxRenewals: policy.maxRenewals, waiting, freeCopies: (await freeCopies(db, loan.titleId)).length, dueAt: loan.dueAt, newDueAt });
  if (objection) throw objection;
  const renewed: LoanRow = { ...loan, dueAt: newDueAt, renewals: loan.renewals + 1, noticedAt: null, plannedDueAt: null, version: loan.version + 1, updatedAt: unit.at };
  await db.updateTable('loans').set(renewed).where('id', '=', id).execute();
  unit.audit({ action: 'LOAN_RENEW', entity: 'loan', entityId: id });
  return loanEntity(db, renewed, unit.now, venue);
}

/** The copy will not come back: its fine stands still and nobody is reminded any more. A return undoes this. */
export async function reportLost(unit: Unit, id: string): Promise<Loan> {
  await lockTitle(unit, (await loanById(unit.db, id)).titleId);
  const loan = await loanById(unit.db, id);
  if (loan.returnedAt !== null) throw conflict('ALREADY_RETURNED', 'This loan has been returned.', { returnedAt: loan.returnedAt });
  if (loan.lost) return loanEntity(unit.db, loan, unit.now, unit.venue);
  const book = await bookById(unit.db, loan.bookId);
  const lost: LoanRow = { ...loan, lost: 1, fine: accruedFine(loan, book.price, unit.now, unit.venue), version: loan.version + 1, updatedAt: unit.at };
  await unit.db.updateTable('loans').set(lost).where('id', '=', id).execute();
  await markLost(unit, book, 1);
  unit.audit({ action: 'LOAN_LOST', entity: 'loan', entityId: id });
  return loanEntity(unit.db, lost, unit.now, unit.venue);
}

async function borrowFacts(unit: Unit, person: PersonRow, heldFor: { id: string; personId: string; readyUntil: string | null } | undefined, days: number) {
  const loans = await openLoansOf(unit.db, person.id);
  const overdue = loans.find((loan) => !loan.lost && loan.dueAt < unit.at);
  return {
    personId: person.id,
    personActive: person.active === 1,
    openLoans: loans.length,
    maxLoans: unit.venue.policies.loans.maxLoans,
    overdue: overdue && { loanId: overdue.id, bookId: overdue.bookId, dueAt: overdue.dueAt },
    heldFor: heldFor && { holdId: heldFor.id, studentId: heldFor.personId, readyUntil: heldFor.readyUntil },
    days,
  };
}

/** Whoever takes any copy of a title has what they waited for. */
async function collectOwnHold(unit: Unit, personId: string, book: BookRow): Promise<void> {
  const own = await unit.db.selectFrom('holds').selectAll().where('titleId', '=', book.titleId).where('personId', '=', personId).where('status', 'in', ['WAITING', 'READY']).executeTakeFirst();
  if (!own) return;
  await endHold(unit, { ...own, bookId: book.id }, 'COLLECTED');
}

/** Writes on the copy that it is lost (1) or found (0), and nothing else. */
export async function markLost(unit: Unit, book: BookRow, lost: 0 | 1): Promise<void> {
  await unit.db.updateTable('books').set({ lost, version: book.version + 1, updatedAt: unit.at }).where('id', '=', book.id).execute();
}
