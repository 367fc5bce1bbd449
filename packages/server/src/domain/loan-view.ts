import type { Selectable } from 'kysely';
import Type, { type Static } from 'typebox';
import type { Db } from '../store/open-store.ts';
import type { Tables } from '../store/tables.ts';
import { fineFor } from './fines.ts';
import { toInstant } from './instant.ts';
import { openDaysLate } from './loan-calendar.ts';
import { personName } from './present.ts';
import { notFound } from './refusal.ts';
import type { Venue } from './venue.ts';

export type LoanRow = Selectable<Tables['loans']>;

export const Loan = Type.Object({
  id: Type.String(),
  bookId: Type.String(),
  titleId: Type.String(),
  title: Type.String(),
  barcode: Type.String(),
  studentId: Type.Union([Type.String(), Type.Null()]),
  studentName: Type.Optional(Type.String()),
  loanedAt: Type.String(),
  dueAt: Type.String(),
  returnedAt: Type.Union([Type.String(), Type.Null()]),
  renewals: Type.Integer(),
  fine: Type.Integer({ description: 'centavos; of an open loan what a return now would cost' }),
  status: Type.Enum(['ACTIVE', 'OVERDUE', 'RETURNED', 'LOST']),
  version: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});
export type Loan = Static<typeof Loan>;

/** The loan, or a 404. */
export async function loanById(db: Db, id: string): Promise<LoanRow> {
  const loan = await db.selectFrom('loans').selectAll().where('id', '=', id).executeTakeFirst();
  if (!loan) throw notFound('loan');
  return loan;
}

/** [CIR1] The loan a copy is out on: the database allows one. */
export function openLoanOfBook(db: Db, bookId: string): Promise<LoanRow | undefined> {
  return db.selectFrom('loans').selectAll().where('bookId', '=', bookId).where('returnedAt', 'is', null).executeTakeFirst();
}

export function openLoansOf(db: Db, personId: string): Promise<LoanRow[]> {
  return db.selectFrom('loans').selectAll().where('personId', '=', personId).where('returnedAt', 'is', null).orderBy('dueAt').execute();
}

/** Loans as they are answered, in the given order, as of `now`. */
export async function loanEntities(db: Db, loans: readonly LoanRow[], now: number, venue: Venue): Promise<Loan[]> {
  if (loans.length === 0) return [];
  const books = await db.selectFrom('books').select(['id', 'title', 'barcode', 'price']).where('id', 'in', [...new Set(loans.map((loan) => loan.bookId))]).execute();
  const personIds = [...new Set(loans.flatMap((loan) => loan.personId ?? []))];
  const people = personIds.length === 0 ? [] : await db.selectFrom('people').select(['id', 'surname', 'givenName']).where('id', 'in', personIds).execute();
  return loans.map((loan) => {
    const book = books.find((candidate) => candidate.id === loan.bookId)!;
    const person = people.find((candidate) => candidate.id === loan.personId);
    const { id, bookId, titleId, personId, loanedAt, dueAt, returnedAt, renewals, version, createdAt, updatedAt } = loan;
    return {
      id, bookId, titleId, title: book.title, barcode: book.barcode, studentId: personId, ...(person && { studentName: personName(person, 'staff') }), loanedAt, dueAt, returnedAt, renewals,
      fine: loan.returnedAt !== null || loan.lost ? loan.fine : accruedFine(loan, book.price, now, venue), status: loanStatus(loan, toInstant(now)), version, createdAt, updatedAt,
    };
  });
}

export async function loanEntity(db: Db, loan: LoanRow, now: number, venue: Venue): Promise<Loan> {
  const [entity] = await loanEntities(db, [loan], now, venue);
  return entity!;
}

/** What a return at `now` would cost. */
export function accruedFine(loan: Pick<LoanRow, 'dueAt' | 'gradeCategory'>, price: number | null, now: number, venue: Venue): number {
  return fineFor({ gradeCategory: loan.gradeCategory, openDaysLate: openDaysLate(loan.dueAt, now, venue), price }, venue.policies.fines);
}

function loanStatus({ returnedAt, lost, dueAt }: LoanRow, at: string): Loan['status'] {
  if (returnedAt !== null) return 'RETURNED';
  if (lost) return 'LOST';
  return dueAt < at ? 'OVERDUE' : 'ACTIVE';
}
