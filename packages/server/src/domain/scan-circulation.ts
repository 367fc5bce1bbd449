import type { BookRow } from './books.ts';
import { MINUTE_MS, toInstant, toMs } from './instant.ts';
import { borrow, returnLoan } from './loans.ts';
import { openLoanOfBook, type Loan, type LoanRow } from './loan-view.ts';
import { findPerson } from './people.ts';
import type { PersonRow } from './person.ts';
import { personCard } from './present.ts';
import { Refusal } from './refusal.ts';
import type { ScanAnswer, ScanAtWork } from './scan-answer.ts';
import { firstName } from './scan-attendance.ts';
import { atInstant, type Unit } from './unit.ts';
import { wallDay } from './wall-time.ts';

/** So long a card at a station stands for the books scanned after it; every book lent prolongs it. */
const CARD_COUNTS_MS = 2 * MINUTE_MS;

/** A card at a station that lends or takes back: it is remembered for the books that follow. Attendance is not touched. */
export function cardForBooks(person: PersonRow, intent: 'BORROW' | 'RETURN'): ScanAnswer {
  const words = intent === 'BORROW' ? `Now scan the book, ${firstName(person)}.` : 'Now scan the book that comes back.';
  return { result: 'NEED_BOOK', message: words, person: personCard(person, 'staff'), notices: [] };
}

/**
 * A copy's label [SCN3]. Lent and alone, it comes back. After a card, at a station with borrow mode or at the desk of the staff, it is lent to
 * that card. Anywhere else it is refused with words, and nothing changes.
 */
export async function scanBook(unit: Unit, book: BookRow, scan: ScanAtWork): Promise<ScanAnswer> {
  const lends = scan.intent === 'BORROW' || (scan.intent === undefined && scan.byStaff);
  const card = lends ? await rememberedCard(unit, scan) : undefined;
  const loan = await openLoanOfBook(unit.db, book.id);
  if (book.lost && !loan) return refused(book, 'BOOK_LOST', WORDS['BOOK_LOST']!);
  if (loan && !(card && scan.intent === 'BORROW')) return takeBack(unit, book, loan, scan);
  if (card) return lend(unit, book, card, scan);
  if (lends) return refused(book, 'CARD_FIRST', "Scan the borrower's card first, then the book.");
  if (scan.intent === 'RETURN') return refused(book, 'NOT_LENT', 'This book is not lent to anybody.');
  return refused(book, 'NOT_LENT', 'This book is not lent. Please take it to the desk.');
}

async function rememberedCard(unit: Unit, scan: ScanAtWork): Promise<PersonRow | undefined> {
  const last = await unit.db
    .selectFrom('scans')
    .select('personId')
    .where('station', '=', scan.station)
    .where('scannedAt', '>=', toInstant(scan.atMs - CARD_COUNTS_MS))
    .where('scannedAt', '<=', toInstant(scan.atMs))
    // What could not be read after a card may have been the next borrower's: then nobody is remembered.
    .where('result', 'in', ['UNKNOWN', 'NEED_BOOK', 'BORROWED', 'CHECKED_IN', 'CHECKED_OUT', 'ALREADY_INSIDE', 'LOCATION_FULL'])
    .orderBy('scannedAt', 'desc')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last?.personId ? findPerson(unit.db, last.personId) : undefined;
}

async function lend(unit: Unit, book: BookRow, person: PersonRow, scan: ScanAtWork): Promise<ScanAnswer> {
  try {
    const loan = await borrow(asOf(unit, scan), { bookId: book.id, personId: person.id });
    const until = wallDay(toMs(loan.dueAt), unit.venue.settings.timezone);
    return { result: 'BORROWED', message: `Lent to you, ${firstName(person)}. Bring it back by ${until}.`, person: personCard(person, 'staff'), loan: loanPart(loan), book: bookPart(book), notices: [] };
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error;
    return { ...refused(book, error.code, WORDS[error.code] ?? 'This book cannot be lent now. Please ask at the desk.'), person: personCard(person, 'staff') };
  }
}

async function takeBack(unit: Unit, book: BookRow, loan: LoanRow, scan: ScanAtWork): Promise<ScanAnswer> {
  // A return kept offline is older than a loan made since: taking that back would end the wrong loan.
  if (toMs(loan.loanedAt) > scan.atMs) return refused(book, 'CONFLICT', 'This scan does not fit what has been written since. It is kept for the staff.');
  const returned = await returnLoan(asOf(unit, scan), loan);
  const person = loan.personId === null ? undefined : await findPerson(unit.db, loan.personId);
  return {
    result: 'RETURNED',
    message: 'Returned. Thank you.',
    ...(person && { person: personCard(person, 'staff') }),
    loan: loanPart(returned),
    book: bookPart(book),
    notices: returned.hold ? [{ kind: 'HOLD_WAITING', message: 'Somebody waits for this book. Keep it at the desk.' }] : [],
  };
}

/** What was done offline counts from when it was done: the loan's days and the fine too. */
function asOf(unit: Unit, scan: ScanAtWork): Unit {
  return scan.late ? atInstant(unit, scan.atMs) : unit;
}

/** Why a book is not lent, for whoever stands before the screen: no title, nobody's name. */
const WORDS: Readonly<Record<string, string>> = {
  BOOK_ON_LOAN: 'This book is lent already. Bring it back first.',
  BOOK_LOST: 'This book is marked as lost. Please take it to the desk.',
  PERSON_INACTIVE: 'This card is not active any more. Please ask at the desk.',
  LOAN_LIMIT: 'You have as many books as you may have. Bring one back first.',
  OVERDUE: 'A book of yours is overdue. Bring it back first.',
  HELD_FOR_ANOTHER: 'This book is kept for somebody else.',
  LIBRARY_USE_ONLY: 'This book is for reading here only.',
};

function refused(book: BookRow, code: string, message: string): ScanAnswer {
  return { result: 'REFUSED', code, message, book: bookPart(book), notices: [] };
}

function bookPart({ id, titleId, barcode, title, author, callNumber }: BookRow): NonNullable<ScanAnswer['book']> {
  return { id, titleId, barcode, title, author, callNumber };
}

function loanPart({ id, bookId, studentId, loanedAt, dueAt, returnedAt, renewals, fine }: Loan): NonNullable<ScanAnswer['loan']> {
  return { id, bookId, studentId, loanedAt, dueAt, returnedAt, renewals, fine };
}
