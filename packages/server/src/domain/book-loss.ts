import { bookById, bookEntity, updateBook, type Book, type BookPatch, type BookRow } from './books.ts';
import { endHold, holdOnCopy, keepFreeCopies } from './hold-queue.ts';
import { markLost, reportLost, returnLoan } from './loans.ts';
import { openLoanOfBook } from './loan-view.ts';
import { invalid, stale } from './refusal.ts';
import { lockTitle } from './row-locks.ts';
import type { Unit } from './unit.ts';

export interface CopyPatch extends BookPatch {
  /** LOST or, once it is found, AVAILABLE. The others follow from loans and holds; the present one changes nothing. */
  readonly status?: Book['status'];
}

/** Changes a copy's fields, and says that it is lost or found. */
export async function changeBook(unit: Unit, id: string, { status, ...fields }: CopyPatch, ifMatch?: number): Promise<Book> {
  const { version } = await bookById(unit.db, id);
  if (ifMatch !== undefined && ifMatch !== version) throw stale(version);
  if (Object.keys(fields).length > 0) await updateBook(unit, id, fields);
  if (status !== undefined) await setStatus(unit, await bookById(unit.db, id), status);
  return bookEntity(unit.db, await bookById(unit.db, id));
}

async function setStatus(unit: Unit, { id, titleId }: BookRow, status: Book['status']): Promise<void> {
  await lockTitle(unit, titleId);
  const book = await bookById(unit.db, id);
  const present = (await bookEntity(unit.db, book)).status;
  if (status === present) return;
  if (status === 'LOST') return lose(unit, book);
  if (status === 'AVAILABLE' && present === 'LOST') return find(unit, book);
  throw invalid('body.status', `${present} follows from loans and holds. A copy is said to be LOST, and a lost one AVAILABLE.`);
}

/** A copy that was kept for somebody is kept no more: that person waits again, first in the queue, or gets another copy. */
async function lose(unit: Unit, book: BookRow): Promise<void> {
  const loan = await openLoanOfBook(unit.db, book.id);
  if (loan) {
    await reportLost(unit, loan.id);
    return;
  }
  const kept = await holdOnCopy(unit.db, book.id);
  if (kept) await endHold(unit, kept, 'WAITING');
  await markLost(unit, book, 1);
  unit.audit({ action: 'BOOK_LOST', entity: 'book', entityId: book.id });
  await keepFreeCopies(unit, book.titleId);
}

/** Whoever had lost it has brought it back by this. */
async function find(unit: Unit, book: BookRow): Promise<void> {
  const loan = await openLoanOfBook(unit.db, book.id);
  if (loan) {
    await returnLoan(unit, loan);
    return;
  }
  await markLost(unit, book, 0);
  unit.audit({ action: 'BOOK_FOUND', entity: 'book', entityId: book.id });
  await keepFreeCopies(unit, book.titleId, book.id);
}
