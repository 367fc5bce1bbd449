import type { Notification } from '@clms/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bookByBarcode, bookEntity, type Book } from '../src/domain/books.ts';
import { cancelHold, placeHold, readyHoldsToTell } from '../src/domain/holds.ts';
import { borrow, renewLoan, returnLoan } from '../src/domain/loans.ts';
import type { Loan } from '../src/domain/loan-view.ts';
import { holdExpiry } from '../src/jobs/hold-expiry.ts';
import { openDesk, type Desk } from './desk.ts';
import { addBook, addPupil, letPass, MINUTE, told } from './holdings.ts';

const DAY = 24 * 60 * MINUTE;
let desk: Desk;
let book: Book;
let loan: Loan;
let pupils: string[];

/** The only copy is out with pupil 0; pupils 1 to 3 want it. */
beforeEach(async () => {
  desk = await openDesk();
  book = await addBook(desk, 'A');
  pupils = (await Promise.all([0, 1, 2, 3].map((number) => addPupil(desk, number)))).map((person) => person.id);
  loan = await lend(0);
});
afterEach(() => desk.close());

const lend = (pupil: number, override = false) => desk.run((unit) => borrow(unit, { bookId: book.id, personId: pupils[pupil]!, override, reason: 'test' }));
const hold = (pupil: number) => desk.run((unit) => placeHold(unit, { bookId: book.id, personId: pupils[pupil]! }));
const giveBack = (id = loan.id) => desk.run((unit) => returnLoan(unit, { id }));
const states = async () => (await desk.runner.db.selectFrom('holds').select('status').orderBy('placedAt').orderBy('createdAt').execute()).map((row) => row.status);
const copy = async () => (await bookEntity(desk.runner.db, (await bookByBarcode(desk.runner.db, 'A'))!)).status;
/** One after the other, so that the queue has an order. */
async function queue(...who: number[]): Promise<void> {
  for (const pupil of who) {
    await hold(pupil);
    desk.clock.advance(1000);
  }
}

describe('[CIR5] holds', () => {
  it('queue per title', async () => {
    const second = await addBook(desk, 'B');
    await desk.run((unit) => borrow(unit, { bookId: second.id, personId: pupils[3]! }));
    expect(await hold(1)).toMatchObject({ titleId: book.titleId, status: 'WAITING', position: 1, bookId: null });
    desk.clock.advance(1000);
    expect(await desk.run((unit) => placeHold(unit, { bookId: second.id, personId: pupils[2]! }))).toMatchObject({ titleId: book.titleId, position: 2 });
  });

  it('are placed once by a person, and not by whom has the book', async () => {
    const first = await hold(1);
    await expect(hold(1)).rejects.toMatchObject({ code: 'ALREADY_ON_HOLD', details: { holdId: first.id } });
    await expect(hold(0)).rejects.toMatchObject({ code: 'ALREADY_BORROWED', details: { loanId: loan.id } });
  });

  it('keep a returned copy for the first, for three open days, and tell it once', async () => {
    await queue(1, 2);
    const before = desk.events.length;
    const returned = await giveBack();
    expect(returned.hold).toMatchObject({ studentId: pupils[1], status: 'READY', position: 1, readyUntil: '2025-10-17T15:59:00.000Z' });
    expect(await copy()).toBe('ON_HOLD_SHELF');
    expect(told<Notification>(desk, 'notification', before)).toMatchObject([{ title: 'Reserved book is available', category: 'BOOK', message: '"Noli Me Tangere" (A) is kept for Cruz, Pupil 1 until 2025-10-17' }]);
    expect(told(desk, 'personal_notification', before)).toMatchObject([{ message: 'Your reserved book is available', actionRequired: true }]);
    expect(desk.events.slice(before).find((event) => event.type === 'personal_notification')?.target).toEqual({ userId: pupils[1] });
  });

  it('are told at the kiosk at the next scan, once', async () => {
    await queue(1);
    await giveBack();
    expect(await desk.run((unit) => readyHoldsToTell(unit, pupils[2]!))).toEqual([]);
    expect(await desk.run((unit) => readyHoldsToTell(unit, pupils[1]!))).toMatchObject([{ title: 'Noli Me Tangere', bookId: book.id }]);
    expect(await desk.run((unit) => readyHoldsToTell(unit, pupils[1]!))).toEqual([]);
  });

  it('[CIR2] keep the copy from everybody else, unless staff decide; then the first is first again', async () => {
    await queue(1, 2);
    await giveBack();
    await expect(lend(3)).rejects.toMatchObject({ code: 'HELD_FOR_ANOTHER', details: { studentId: pupils[1] } });
    await lend(3, true);
    expect(await states()).toEqual(['WAITING', 'WAITING']);
  });

  it('end when their person takes the book', async () => {
    await queue(1);
    await giveBack();
    const own = await lend(1);
    expect(await states()).toEqual(['COLLECTED']);
    await giveBack(own.id);
    expect(await copy()).toBe('AVAILABLE');
  });

  it('pass on what nobody came for, and leave it free in the end', async () => {
    await queue(1, 2);
    await giveBack();
    await letPass(desk, holdExpiry, 3 * DAY); // Friday 17, 10:30
    expect(await states()).toEqual(['READY', 'WAITING']);
    await letPass(desk, holdExpiry, DAY);
    expect(await states()).toEqual(['EXPIRED', 'READY']);
    await letPass(desk, holdExpiry, 7 * DAY);
    expect(await states()).toEqual(['EXPIRED', 'EXPIRED']);
    expect(await copy()).toBe('AVAILABLE');
  });

  it('pass on when cancelled', async () => {
    await queue(1, 2);
    const ready = (await giveBack()).hold!;
    expect(await desk.run((unit) => cancelHold(unit, ready.id))).toMatchObject({ status: 'CANCELLED', position: null });
    expect(await states()).toEqual(['CANCELLED', 'READY']);
    await expect(desk.run((unit) => cancelHold(unit, ready.id))).rejects.toMatchObject({ code: 'HOLD_ENDED' });
  });

  it('keep a free copy at once, and a new copy for whom waits', async () => {
    await giveBack();
    expect(await hold(1)).toMatchObject({ status: 'READY', bookId: book.id });
    expect(await hold(2)).toMatchObject({ status: 'WAITING' });
    expect((await addBook(desk, 'B')).status).toBe('ON_HOLD_SHELF');
    expect(await states()).toEqual(['READY', 'READY']);
  });

  it('give the first another copy at once when staff lend theirs to somebody else', async () => {
    await queue(1);
    await giveBack();
    const other = await addBook(desk, 'B');
    await lend(3, true); // the copy that is kept for pupil 1
    expect(await desk.runner.db.selectFrom('holds').select(['status', 'bookId']).execute()).toEqual([{ status: 'READY', bookId: other.id }]);
  });

  it('placed while the copy comes back are never left beside it', async () => {
    await Promise.all([giveBack(), hold(1), hold(2)]);
    expect((await states()).toSorted()).toEqual(['READY', 'WAITING']);
    expect(await copy()).toBe('ON_HOLD_SHELF');
  });

  it('[CIR4] stand against a renewal; the count stays', async () => {
    await queue(1);
    await expect(desk.run((unit) => renewLoan(unit, loan.id))).rejects.toMatchObject({ code: 'RESERVED' });
    expect(await desk.runner.db.selectFrom('loans').select('renewals').execute()).toEqual([{ renewals: 0 }]);
  });
});
