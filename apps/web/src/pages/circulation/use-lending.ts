import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/api.ts';
import { ApiError } from '../../api/api-error.ts';
import type { Page } from '../../api/api-client.ts';
import type { Book } from '../../api/book.ts';
import type { Hold, Loan } from '../../api/loan.ts';
import type { Person } from '../../api/person.ts';

/** What the last barcode led to. */
export type LendingOutcome =
  | { readonly kind: 'borrower'; readonly person: Person }
  | { readonly kind: 'lent'; readonly loan: Loan; readonly person: Person }
  | { readonly kind: 'returned'; readonly loan: Loan; readonly hold: Hold | undefined }
  | { readonly kind: 'refused'; readonly book: Book; readonly person: Person; readonly code: string; readonly message: string }
  | { readonly kind: 'on_shelf'; readonly book: Book }
  | { readonly kind: 'unknown'; readonly barcode: string };

/** Lends and takes back by barcode: a card names the borrower, a book after it goes out, a lent book alone comes back. */
export function useLending() {
  const queries = useQueryClient();
  const [borrower, setBorrower] = useState<Person | null>(null);
  const [outcome, setOutcome] = useState<LendingOutcome | null>(null);
  const [error, setError] = useState<unknown>(null);
  const settle = (result: LendingOutcome) => {
    setError(null);
    setOutcome(result);
    if (result.kind === 'borrower') setBorrower(result.person);
    void queries.invalidateQueries({ queryKey: ['loans'] });
    void queries.invalidateQueries({ queryKey: ['holds'] });
  };
  const take = useMutation({ mutationFn: (barcode: string) => follow(barcode.trim(), borrower), onSuccess: settle, onError: setError, scope: { id: 'lending' } });
  const lendAnyway = useMutation({
    mutationFn: ({ book, person, reason }: { readonly book: Book; readonly person: Person; readonly reason: string }) => api.post<Loan>('/api/loans', { bookId: book.id, studentId: person.id, override: true, reason }),
    onSuccess: (loan, { person }) => settle({ kind: 'lent', loan, person }),
    onError: setError,
  });
  const choose = (person: Person | null) => {
    setBorrower(person);
    setError(null);
    setOutcome(person ? { kind: 'borrower', person } : null);
  };
  return { borrower, outcome, error, isWorking: take.isPending || lendAnyway.isPending, take: take.mutate, lendAnyway: lendAnyway.mutate, choose };
}

async function follow(barcode: string, borrower: Person | null): Promise<LendingOutcome> {
  const same = (code: string) => code.toLowerCase() === barcode.replaceAll('*', '').toLowerCase();
  const people = await api.post<Page<Person>>('/api/students/search', { text: barcode, limit: 5 });
  const person = people.items.find((found) => same(found.barcode) || same(found.schoolId));
  if (person) return { kind: 'borrower', person };
  const [book] = (await api.get<Page<Book>>('/api/books', { barcode, limit: 1 })).items;
  if (!book) return { kind: 'unknown', barcode };
  const [open] = (await api.get<Page<Loan>>('/api/loans', { bookId: book.id, open: true, limit: 1 })).items;
  // A book that is out comes back first, whoever stands there: lending it to the borrower needs a second scan.
  if (open) return giveBack(open);
  return borrower ? lend(book, borrower) : { kind: 'on_shelf', book };
}

async function giveBack(open: Loan): Promise<LendingOutcome> {
  const { hold, ...loan } = await api.post<Loan & { readonly hold?: Hold }>(`/api/loans/${open.id}/return`);
  return { kind: 'returned', loan, hold };
}

async function lend(book: Book, person: Person): Promise<LendingOutcome> {
  try {
    return { kind: 'lent', person, loan: await api.post<Loan>('/api/loans', { bookId: book.id, studentId: person.id }) };
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 409) throw error;
    return { kind: 'refused', book, person, code: error.code, message: error.message };
  }
}
