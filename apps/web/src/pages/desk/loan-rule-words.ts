/** Which rule refused, and who can change it. Codes that need no explanation have none. */
const DECIDED_BY: Readonly<Record<string, string>> = {
  LOAN_LIMIT: 'the number of books a person may have (policies)',
  OVERDUE: 'the rule that nothing is lent while a book is overdue (policies)',
  HELD_FOR_ANOTHER: 'a hold of somebody else',
  LIBRARY_USE_ONLY: 'the collection of this book: use in the library only (policies)',
  PERSON_INACTIVE: 'the person’s record: not active any more',
  LOCATION_FULL: 'the capacity of the room (settings)',
  BOOK_ON_LOAN: 'an open loan of this copy',
  BOOK_LOST: 'the copy’s record: lost',
};

export const decidedBy = (code: string | undefined): string | undefined => (code === undefined ? undefined : DECIDED_BY[code]);

/** Loans that staff may make all the same, with a reason. */
export const OVERRIDABLE: ReadonlySet<string> = new Set(['LOAN_LIMIT', 'OVERDUE', 'HELD_FOR_ANOTHER', 'LIBRARY_USE_ONLY', 'PERSON_INACTIVE']);
