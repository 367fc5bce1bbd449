import { conflict, type Refusal } from './refusal.ts';
import type { Policies } from './venue.ts';

export interface LoanContext {
  readonly location: string | null;
  readonly gradeCategory: string | null;
  readonly collectionCode: string | null;
}

/**
 * [CIR1, CIR2] Days of a loan: looked up under the location, then the patron's category, then the collection's code, then `default`. 0 means for
 * use in the library only; no name found means the shortest thing that is not that, one day.
 */
export function loanDays({ location, gradeCategory, collectionCode }: LoanContext, days: Policies['loans']['days']): number {
  const byKey = new Map(Object.entries(days).map(([name, value]) => [key(name), value]));
  for (const name of [location, gradeCategory, collectionCode, 'default']) {
    const found = name === null ? undefined : byKey.get(key(name));
    if (found !== undefined) return found;
  }
  return 1;
}

/** Codes are typed by people: "fic " is FIC. */
const key = (name: string): string => name.trim().toUpperCase();

/** What is known when somebody wants to borrow a copy. */
export interface BorrowFacts {
  readonly personId: string;
  readonly personActive: boolean;
  readonly openLoans: number;
  readonly maxLoans: number;
  readonly overdue: { readonly loanId: string; readonly bookId: string; readonly dueAt: string } | undefined;
  readonly heldFor: { readonly holdId: string; readonly studentId: string; readonly readyUntil: string | null } | undefined;
  readonly days: number;
}

/** [CIR2] Every rule that speaks against the loan, in the order a librarian would name them. All of them can be overruled by staff. */
export function objectionsToLoan(facts: BorrowFacts): Refusal[] {
  const { personId, personActive, openLoans, maxLoans, overdue, heldFor, days } = facts;
  return [
    ...(personActive ? [] : [conflict('PERSON_INACTIVE', 'This person is not active any more.', { studentId: personId })]),
    ...(days === 0 ? [conflict('LIBRARY_USE_ONLY', 'This book is for use in the library only.', { days })] : []),
    ...(heldFor ? [conflict('HELD_FOR_ANOTHER', 'This copy is kept for somebody else.', { ...heldFor })] : []),
    ...(overdue ? [conflict('OVERDUE', 'A loan of this person is overdue.', { ...overdue })] : []),
    ...(openLoans >= maxLoans ? [conflict('LOAN_LIMIT', `This person has ${openLoans} of at most ${maxLoans} loans.`, { openLoans, maxLoans })] : []),
  ];
}

export interface RenewFacts {
  readonly renewals: number;
  readonly maxRenewals: number;
  /** People waiting for the title, without the borrower. */
  readonly waiting: number;
  /** Other copies of the title that stand free on the shelf. */
  readonly freeCopies: number;
  readonly dueAt: string;
  readonly newDueAt: string;
}

/** [CIR4] Why a loan cannot be renewed; undefined = it can. */
export function objectionToRenewal({ renewals, maxRenewals, waiting, freeCopies, dueAt, newDueAt }: RenewFacts): Refusal | undefined {
  if (renewals >= maxRenewals) return conflict('RENEWAL_LIMIT', `A loan is renewed at most ${maxRenewals} times.`, { renewals, maxRenewals });
  if (waiting > freeCopies) return conflict('RESERVED', 'Somebody waits for this title and no other copy is free.', { waiting, freeCopies });
  if (newDueAt <= dueAt) return conflict('NOT_LATER', 'Renewing would not give more time.', { dueAt, newDueAt });
  return undefined;
}
