import type { Activity, Notification } from '@clms/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bookByBarcode, bookEntity, searchBooks, updateBook } from '../src/domain/books.ts';
import { loanList } from '../src/domain/circulation-lists.ts';
import { loanById, loanEntity } from '../src/domain/loan-view.ts';
import { borrow, renewLoan, reportLost, returnLoan, type Borrow } from '../src/domain/loans.ts';
import { DEFAULT_POLICIES } from '../src/domain/venue.ts';
import { overdue } from '../src/jobs/overdue.ts';
import { openDesk, type Desk } from './desk.ts';
import { addBook, addPupil, addTeacher, letPass, MINUTE, told } from './holdings.ts';

const DAY = 24 * 60 * MINUTE;
let desk: Desk;
beforeEach(async () => void (desk = await openDesk()));
afterEach(() => desk.close());

const lend = (bookId: string, personId: string, more: Partial<Borrow> = {}) => desk.run((unit) => borrow(unit, { bookId, personId, ...more }));
const giveBack = (id: string) => desk.run((unit) => returnLoan(unit, { id }));
const renew = (id: string) => desk.run((unit) => renewLoan(unit, id));
const now = async (id: string) => loanEntity(desk.runner.db, await loanById(desk.runner.db, id), desk.clock.now(), desk.runner.venue);
const statusOf = async (barcode: string) => (await bookEntity(desk.runner.db, (await bookByBarcode(desk.runner.db, barcode))!)).status;

describe('lending', () => {
  it('[CIR2, CIR3] gives fiction seven days, until 23:59 in the venue’s zone, and tells it once', async () => {
    const [book, pupil] = [await addBook(desk, '000123'), await addPupil(desk, 1)];
    const before = desk.events.length;
    const loan = await lend(book.id, pupil.id);
    expect(loan).toMatchObject({ bookId: book.id, studentId: pupil.id, dueAt: '2025-10-21T15:59:00.000Z', returnedAt: null, renewals: 0, fine: 0, status: 'ACTIVE' });
    expect(await statusOf('000123')).toBe('ON_LOAN');
    expect(told<Activity>(desk, 'activity_update', before)).toMatchObject([{ activityType: 'BOOK_BORROW', studentId: pupil.id, metadata: { bookId: book.id, title: 'Noli Me Tangere', barcode: '000123' } }]);
    expect(desk.events.length - before).toBe(1);
  });

  it('[CIR3] pushes a due date on a closed day to the next open one', async () => {
    const loan = await lend((await addBook(desk, 'A', { collectionCode: 'GC' })).id, (await addPupil(desk, 1)).id); // Tuesday + 3
    expect(loan.dueAt).toBe('2025-10-17T15:59:00.000Z');
    desk.clock.advance(2 * DAY);
    expect((await lend((await addBook(desk, 'B', { collectionCode: 'GC' })).id, (await addPupil(desk, 2)).id)).dueAt).toBe('2025-10-20T15:59:00.000Z'); // Sunday -> Monday
  });

  it('[CIR1] of 20 parallel tries one wins, and the others are told who has it', async () => {
    const book = await addBook(desk, 'A');
    const pupils = await Promise.all(Array.from({ length: 20 }, (_, index) => addPupil(desk, index)));
    const results = await Promise.allSettled(pupils.map((pupil) => lend(book.id, pupil.id)));
    const winner = results.find((result) => result.status === 'fulfilled');
    const losers = results.filter((result) => result.status === 'rejected');
    expect(losers).toHaveLength(19);
    for (const loser of losers) expect(loser.reason).toMatchObject({ code: 'BOOK_ON_LOAN', details: { loanId: winner?.value.id, studentId: winner?.value.studentId } });
    await expect(lend(book.id, pupils[0]!.id, { override: true })).rejects.toMatchObject({ code: 'BOOK_ON_LOAN' });
  });

  it('[CIR2] refuses the fourth loan, and staff can override with a reason that is kept', async () => {
    const pupil = await addPupil(desk, 1);
    for (const barcode of ['A', 'B', 'C']) await lend((await addBook(desk, barcode, { title: barcode })).id, pupil.id);
    const fourth = await addBook(desk, 'D', { title: 'D' });
    await expect(lend(fourth.id, pupil.id)).rejects.toMatchObject({ status: 409, code: 'LOAN_LIMIT', details: { openLoans: 3, maxLoans: 3 } });
    const loan = await lend(fourth.id, pupil.id, { override: true, reason: 'Book report' });
    expect(await desk.runner.db.selectFrom('audit').select(['entityId', 'actorId', 'details']).where('action', '=', 'LOAN_OVERRIDE').execute()).toEqual([
      { entityId: loan.id, actorId: 'user_ana', details: '{"overruled":["LOAN_LIMIT"],"reason":"Book report"}' },
    ]);
  });

  it('[CIR2] of ten copies lent to one person at the same instant three go out', async () => {
    const pupil = await addPupil(desk, 1);
    const books = await Promise.all(Array.from({ length: 10 }, (_, index) => addBook(desk, `B${index}`, { title: `Title ${index}` })));
    const results = await Promise.allSettled(books.map((book) => lend(book.id, pupil.id)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(3);
  });

  it('[CIR2] refuses while one is overdue, and what is for use in the library', async () => {
    const pupil = await addPupil(desk, 1);
    await expect(lend((await addBook(desk, 'R1', { collectionCode: 'REF' })).id, pupil.id)).rejects.toMatchObject({ code: 'LIBRARY_USE_ONLY' });
    const loan = await lend((await addBook(desk, 'A')).id, pupil.id);
    desk.clock.advance(8 * DAY);
    await expect(lend((await addBook(desk, 'B', { title: 'B' })).id, pupil.id)).rejects.toMatchObject({ code: 'OVERDUE', details: { loanId: loan.id } });
  });

  it('[CIR2] refuses a person who is not active', async () => {
    const pupil = await addPupil(desk, 1);
    await desk.run((unit) => unit.db.updateTable('people').set({ active: 0 }).where('id', '=', pupil.id).execute());
    await expect(lend((await addBook(desk, 'A')).id, pupil.id)).rejects.toMatchObject({ code: 'PERSON_INACTIVE' });
  });
});

describe('returning', () => {
  it('[CIR6] settles the fine of the open days, and ends the loan once', async () => {
    const [book, pupil] = [await addBook(desk, 'A'), await addPupil(desk, 1)];
    const loan = await lend(book.id, pupil.id); // due Tuesday 21
    desk.clock.advance(13 * DAY); // Monday 27: late are Wed, Thu, Fri, Mon
    expect(await now(loan.id)).toMatchObject({ status: 'OVERDUE', fine: 2000 });
    const returned = await giveBack(loan.id);
    expect(returned).toMatchObject({ status: 'RETURNED', fine: 2000, returnedAt: '2025-10-27T02:30:00.000Z' });
    expect(await statusOf('A')).toBe('AVAILABLE');
    expect(told<Activity>(desk, 'activity_update').at(-1)).toMatchObject({ activityType: 'BOOK_RETURN', duration: (13 * DAY) / 1000 });
    await expect(giveBack(loan.id)).rejects.toMatchObject({ code: 'ALREADY_RETURNED' });
    desk.clock.advance(30 * DAY);
    expect((await now(loan.id)).fine).toBe(2000);
  });

  it('[CIR6] costs grade 2 less, personnel nothing, and never more than the price', async () => {
    const little = await lend((await addBook(desk, 'A')).id, (await addPupil(desk, 1, '2')).id);
    const teacher = await lend((await addBook(desk, 'B')).id, (await addTeacher(desk)).id);
    const cheap = await lend((await addBook(desk, 'C', { price: 700 })).id, (await addPupil(desk, 2)).id);
    desk.clock.advance(13 * DAY);
    expect([(await giveBack(little.id)).fine, (await giveBack(teacher.id)).fine, (await giveBack(cheap.id)).fine]).toEqual([800, 0, 700]);
  });

  it('finds a lost copy again', async () => {
    const [book, pupil] = [await addBook(desk, 'A'), await addPupil(desk, 1)];
    const loan = await lend(book.id, pupil.id);
    expect(await desk.run((unit) => reportLost(unit, loan.id))).toMatchObject({ status: 'LOST', returnedAt: null });
    expect(await statusOf('A')).toBe('LOST');
    await expect(renew(loan.id)).rejects.toMatchObject({ code: 'BOOK_LOST' });
    expect(await giveBack(loan.id)).toMatchObject({ status: 'RETURNED' });
    expect(await statusOf('A')).toBe('AVAILABLE');
  });
});

describe('renewing', () => {
  it('[CIR4] counts from the present due date, twice at most', async () => {
    const loan = await lend((await addBook(desk, 'A')).id, (await addPupil(desk, 1)).id);
    expect(await renew(loan.id)).toMatchObject({ renewals: 1, dueAt: '2025-10-28T15:59:00.000Z' });
    expect(await renew(loan.id)).toMatchObject({ renewals: 2, dueAt: '2025-11-04T15:59:00.000Z' });
    await expect(renew(loan.id)).rejects.toMatchObject({ code: 'RENEWAL_LIMIT' });
    expect(await now(loan.id)).toMatchObject({ renewals: 2, dueAt: '2025-11-04T15:59:00.000Z' });
  });

  it('[CIR4] counts from today where the policy says so, and is refused when that gives nothing', async () => {
    await desk.close();
    desk = await openDesk({ policies: { ...DEFAULT_POLICIES, loans: { ...DEFAULT_POLICIES.loans, renewFrom: 'TODAY' } } });
    const loan = await lend((await addBook(desk, 'A')).id, (await addPupil(desk, 1)).id);
    await expect(renew(loan.id)).rejects.toMatchObject({ code: 'NOT_LATER' });
    expect(await now(loan.id)).toMatchObject({ renewals: 0 });
    desk.clock.advance(2 * DAY);
    expect(await renew(loan.id)).toMatchObject({ renewals: 1, dueAt: '2025-10-23T15:59:00.000Z' });
  });
});

describe('[CIR6] reminders', () => {
  it('go out on the first open day after the due date, then weekly, and stop with the return', async () => {
    const pupil = await addPupil(desk, 1);
    desk.clock.advance(3 * DAY); // Friday 17
    const loan = await lend((await addBook(desk, 'A')).id, pupil.id); // due Friday 24
    const notices: [string, string][] = [];
    for (let day = 0; day < 30; day++) {
      const before = desk.events.length;
      await letPass(desk, overdue, DAY);
      for (const event of desk.events.slice(before)) if (event.type === 'notification') notices.push([event.timestamp, (event.data as Notification).message]);
      if (day === 18) await giveBack(loan.id); // Wednesday, 5 November
    }
    expect(notices).toEqual([
      ['2025-10-26T23:30:00.000Z', '"Noli Me Tangere" (A) was due on Fri 24 Oct: Cruz, Pupil 1'], // Monday 27, 07:30
      ['2025-11-02T23:30:00.000Z', '"Noli Me Tangere" (A) was due on Fri 24 Oct: Cruz, Pupil 1'],
    ]);
  });
});

describe('the catalogue', () => {
  it('keeps barcodes, ISBNs and years as text, and finds a barcode without case and asterisks', async () => {
    const book = await addBook(desk, '000042', { isbn: '0140328696', year: 'c1998' });
    expect(book).toMatchObject({ barcode: '000042', isbn: '0140328696', year: 'c1998', status: 'AVAILABLE', price: null });
    await addBook(desk, 'Hs00001');
    expect((await bookByBarcode(desk.runner.db, '*HS00001*'))?.barcode).toBe('Hs00001');
    expect(await bookByBarcode(desk.runner.db, '42')).toBeUndefined();
    await expect(addBook(desk, '000042')).rejects.toMatchObject({ code: 'BARCODE_TAKEN', details: { id: book.id } });
  });

  it('groups copies by title and author, and moves a copy whose title is corrected', async () => {
    const [one, two, three] = [await addBook(desk, 'A'), await addBook(desk, 'B', { title: 'NOLI ME TANGERE' }), await addBook(desk, 'C', { title: 'Noli me tangera' })];
    expect(two.titleId).toBe(one.titleId);
    expect(three.titleId).not.toBe(one.titleId);
    expect(await desk.run((unit) => updateBook(unit, three.id, { title: 'Noli me Tangere' }))).toMatchObject({ titleId: one.titleId, version: 2 });
    await expect(desk.run((unit) => updateBook(unit, three.id, { note: 'torn' }, 1))).rejects.toMatchObject({ status: 412 });
  });

  it('is searched by every word, without case and accents', async () => {
    await addBook(desk, 'A');
    await addBook(desk, 'B', { title: 'El Filibusterismo', author: 'Rizal, José' });
    const found = async (text: string) => (await searchBooks(desk.runner.db, { text, limit: 10 })).map((book) => book.barcode);
    expect(await found('RIZAL jose')).toEqual(['B', 'A']);
    expect(await found('rizal noli')).toEqual(['A']);
    expect(await found('dumas')).toEqual([]);
  });

  it('lists loans by due date, page by page', async () => {
    const pupils = [await addPupil(desk, 1), await addPupil(desk, 2)];
    await lend((await addBook(desk, 'A')).id, pupils[0]!.id);
    await lend((await addBook(desk, 'B', { collectionCode: 'EB' })).id, pupils[1]!.id);
    const first = await loanList(desk.runner.db, { open: true, limit: 1 }, desk.clock.now());
    const second = await loanList(desk.runner.db, { open: true, limit: 1, after: [first[0]!.dueAt, first[0]!.id] }, desk.clock.now());
    expect([first[0]?.personId, second[0]?.personId]).toEqual([pupils[1]!.id, pupils[0]!.id]);
    expect(await loanList(desk.runner.db, { overdue: true, limit: 5 }, desk.clock.now() + 2 * DAY)).toHaveLength(1);
  });
});
