import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkIn, openVisitOf } from '../src/domain/attendance.ts';
import { changeBook } from '../src/domain/book-loss.ts';
import { bookById, bookEntity } from '../src/domain/books.ts';
import { updateEquipment } from '../src/domain/equipment.ts';
import { placeHold } from '../src/domain/holds.ts';
import { borrow, returnLoan } from '../src/domain/loans.ts';
import { changePerson } from '../src/domain/person-queues.ts';
import { scan } from '../src/domain/scans.ts';
import { startSession } from '../src/domain/sessions.ts';
import { changeCalendar, changeSettings } from '../src/domain/venue-changes.ts';
import { joinWaitingList, waitingEntries } from '../src/domain/waiting-list.ts';
import { closing } from '../src/jobs/closing.ts';
import { sessionDeadlines } from '../src/jobs/session-deadlines.ts';
import { KIOSK, openDesk, type Desk } from './desk.ts';
import { addBook, addItem, addPupil, MINUTE, startJobs, told } from './holdings.ts';

// What several rules say together, when something changes under them. It is Tuesday, 10:30 in Manila; the library closes at 17:00.
let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

const deactivate = (id: string) => desk.run((unit) => changePerson(unit, id, { active: false }));
const hold = (bookId: string, personId: string) => desk.run((unit) => placeHold(unit, { bookId, personId }));
const queue = (personId: string) => desk.run((unit) => joinWaitingList(unit, { type: 'COMPUTER', personId }));
const holds = async () => (await desk.runner.db.selectFrom('holds').select(['personId', 'status', 'bookId']).orderBy('placedAt').orderBy('id').execute());
const copy = async (id: string) => (await bookEntity(desk.runner.db, await bookById(desk.runner.db, id))).status;
const session = (equipmentId: string, personId: string) => desk.run((unit) => startSession(unit, { equipmentId, personId }));
const sessionNow = () => desk.runner.db.selectFrom('equipmentSessions').selectAll().executeTakeFirstOrThrow();

describe('a person who is deactivated', () => {
  it('[SCN3][ATT1] leaves by their card, and does not come in by it', async () => {
    const pupil = await addPupil(desk, 1);
    await desk.run((unit) => checkIn(unit, { personId: pupil.id, location: 'Main Library' }));
    await deactivate(pupil.id);
    desk.clock.advance(6 * MINUTE);
    const read = () => desk.run((unit) => scan(unit, { barcode: pupil.barcode, station: 'door' }), KIOSK);
    expect((await read()).result).toBe('CHECKED_OUT');
    desk.clock.advance(MINUTE);
    expect(await read()).toMatchObject({ result: 'REFUSED', code: 'PERSON_INACTIVE' });
    expect(await openVisitOf(desk.runner.db, pupil.id)).toBeUndefined();
  });

  it('[CIR5][PPL3] waits for no book any more: the copy goes to the next', async () => {
    const [gone, next] = [await addPupil(desk, 1), await addPupil(desk, 2)];
    const book = await addBook(desk, 'A');
    await hold(book.id, gone.id);
    desk.clock.advance(1000);
    await hold(book.id, next.id);
    await deactivate(gone.id);
    expect((await holds()).map(({ personId, status }) => [personId, status])).toEqual([[gone.id, 'CANCELLED'], [next.id, 'READY']]);
  });

  it('[EQP5][PPL3] waits for no station any more: it is kept for the next', async () => {
    const item = await addItem(desk, 'PC 1');
    const [gone, next] = [await addPupil(desk, 1), await addPupil(desk, 2)];
    await queue(gone.id);
    await queue(next.id);
    await deactivate(gone.id);
    expect(await waitingEntries(desk.runner.db)).toMatchObject([{ studentId: next.id, status: 'CLAIMED', equipmentId: item.id }]);
  });
});

describe('a copy that is missing', () => {
  it('[CIR5] is lost although it is not lent, and who it was kept for waits again, first in the queue', async () => {
    const [first, second] = [await addPupil(desk, 1), await addPupil(desk, 2)];
    const book = await addBook(desk, 'A');
    await hold(book.id, first.id);
    desk.clock.advance(1000);
    await hold(book.id, second.id);
    expect(await desk.run((unit) => changeBook(unit, book.id, { status: 'LOST' }))).toMatchObject({ status: 'LOST' });
    expect((await holds()).map(({ status, bookId }) => [status, bookId])).toEqual([['WAITING', null], ['WAITING', null]]);
    expect(await desk.run((unit) => changeBook(unit, book.id, { status: 'AVAILABLE' }))).toMatchObject({ status: 'ON_HOLD_SHELF' });
    expect((await holds()).map(({ personId, status }) => [personId, status])).toEqual([[first.id, 'READY'], [second.id, 'WAITING']]);
  });

  it('[CIR5] is replaced by another free copy of the title at once', async () => {
    const pupil = await addPupil(desk, 1);
    const [one, two] = [await addBook(desk, 'A'), await addBook(desk, 'B')];
    await hold(one.id, pupil.id);
    await desk.run((unit) => changeBook(unit, one.id, { status: 'LOST' }));
    expect(await holds()).toMatchObject([{ status: 'READY', bookId: two.id }]);
  });

  it('[CIR2] ends as a lost loan where it was lent; finding it is its return', async () => {
    const pupil = await addPupil(desk, 1);
    const book = await addBook(desk, 'A');
    const loan = await desk.run((unit) => borrow(unit, { bookId: book.id, personId: pupil.id }));
    await desk.run((unit) => changeBook(unit, book.id, { status: 'LOST', note: 'reported by the class' }));
    const row = () => desk.runner.db.selectFrom('loans').select(['lost', 'returnedAt']).where('id', '=', loan.id).executeTakeFirstOrThrow();
    expect(await row()).toEqual({ lost: 1, returnedAt: null });
    await desk.run((unit) => changeBook(unit, book.id, { status: 'AVAILABLE' }));
    expect((await row()).returnedAt).not.toBeNull();
    expect(await copy(book.id)).toBe('AVAILABLE');
  });

  it('[CIR2] is not lent or kept by a form: those states follow', async () => {
    const book = await addBook(desk, 'A');
    await expect(desk.run((unit) => changeBook(unit, book.id, { status: 'ON_LOAN' }))).rejects.toMatchObject({ status: 400 });
    expect(await desk.run((unit) => changeBook(unit, book.id, { status: 'AVAILABLE' }))).toMatchObject({ version: 1 });
    await expect(desk.run((unit) => changeBook(unit, book.id, { status: 'LOST' }, 7))).rejects.toMatchObject({ status: 412 });
  });

  it('[SCN3] is told at the scanner that reads it', async () => {
    const book = await addBook(desk, 'A');
    await desk.run((unit) => changeBook(unit, book.id, { status: 'LOST' }));
    expect(await desk.run((unit) => scan(unit, { barcode: 'A', station: 'desk' }))).toMatchObject({ result: 'REFUSED', code: 'BOOK_LOST' });
  });

  it('[CIR5] that turns out to be of another title is not kept for a reader of the old one', async () => {
    const pupil = await addPupil(desk, 1);
    const book = await addBook(desk, 'A');
    await hold(book.id, pupil.id);
    await desk.run((unit) => changeBook(unit, book.id, { title: 'Florante at Laura' }));
    expect(await holds()).toMatchObject([{ status: 'WAITING', bookId: null }]);
    expect(await copy(book.id)).toBe('AVAILABLE');
  });
});

describe('an item that loses a seat', () => {
  it('[EQP5] is kept for nobody where none is free: they wait again', async () => {
    const room = await addItem(desk, 'PC 1', { seats: 2 });
    const [inside, waiting] = [await addPupil(desk, 1), await addPupil(desk, 2)];
    await session(room.id, inside.id);
    await queue(waiting.id);
    await desk.run((unit) => updateEquipment(unit, room.id, { seats: 1 }));
    expect(await waitingEntries(desk.runner.db)).toMatchObject([{ studentId: waiting.id, status: 'WAITING' }]);
  });
});

describe('an earlier closing', () => {
  const closesAt = (close: string) => desk.run((unit) => changeCalendar(unit, { exceptions: [{ date: '2025-10-14', hours: [{ open: '07:30', close }], reason: 'storm' }] }));

  it('[EQP2][EQP3] cuts a running session, which is warned of its new end and over at it', async () => {
    const jobs = await startJobs(desk, sessionDeadlines, closing);
    await session((await addItem(desk, 'PC 1')).id, (await addPupil(desk, 1)).id); // 90 minutes, to 12:00
    await closesAt('10:50');
    expect((await sessionNow()).endsAt).toBe('2025-10-14T02:50:00.000Z');
    expect(told<{ endsAt: string }>(desk, 'equipment_update').at(-1)?.endsAt).toBe('2025-10-14T02:50:00.000Z');
    const from = desk.events.length;
    await jobs.advance(21 * MINUTE);
    expect(told<{ timestamp: string }>(desk, 'notification', from).map(({ timestamp }) => timestamp.slice(11, 16))).toEqual(['02:40', '02:45', '02:49']);
    expect(await sessionNow()).toMatchObject({ status: 'EXPIRED', endedAt: '2025-10-14T02:50:00.000Z' });
    await jobs.close();
  });

  it('[EQP2] leaves alone what ends before it, and a later one adds nothing', async () => {
    await session((await addItem(desk, 'PC 1')).id, (await addPupil(desk, 1)).id);
    await closesAt('12:30');
    await closesAt('18:00');
    expect(await sessionNow()).toMatchObject({ endsAt: '2025-10-14T04:00:00.000Z', version: 1 });
  });

  it('[CAL2] ends the session of whoever checked in and of whoever did not alike', async () => {
    const [checkedIn, other] = [await addPupil(desk, 1), await addPupil(desk, 2)];
    await desk.run((unit) => checkIn(unit, { personId: checkedIn.id, location: 'Main Library' }));
    await session((await addItem(desk, 'PC 1')).id, checkedIn.id);
    await session((await addItem(desk, 'PC 2')).id, other.id);
    await closesAt('09:00');
    const ended = await desk.runner.db.selectFrom('equipmentSessions').select(['status', 'endReason']).execute();
    expect(ended).toEqual([{ status: 'TERMINATED', endReason: 'CLOSING' }, { status: 'TERMINATED', endReason: 'CLOSING' }]);
  });
});

describe('a zone that is set right', () => {
  it('[CIR3][CIR5] moves what runs to the end of a day to the end of that date there', async () => {
    const [reader, next] = [await addPupil(desk, 1), await addPupil(desk, 2)];
    const [book, other] = [await addBook(desk, 'A'), await addBook(desk, 'B', { title: 'Florante at Laura' })];
    const loan = await desk.run((unit) => borrow(unit, { bookId: book.id, personId: reader.id }));
    expect(loan.dueAt).toBe('2025-10-21T15:59:00.000Z');
    await hold(other.id, next.id);
    await desk.run((unit) => changeSettings(unit, { timezone: 'America/New_York' }));
    const rows = await Promise.all([desk.runner.db.selectFrom('loans').select('dueAt as at').executeTakeFirstOrThrow(), desk.runner.db.selectFrom('holds').select('readyUntil as at').executeTakeFirstOrThrow()]);
    expect(rows.map(({ at }) => at)).toEqual(['2025-10-22T03:59:00.000Z', '2025-10-18T03:59:00.000Z']);
    await desk.run((unit) => changeSettings(unit, { timezone: 'Asia/Manila' }));
    expect((await desk.runner.db.selectFrom('loans').select('dueAt').executeTakeFirstOrThrow()).dueAt).toBe(loan.dueAt);
  });

  it('[CIR6] makes nobody late', async () => {
    const book = await addBook(desk, 'A', { collectionCode: 'EB' });
    const reader = await addPupil(desk, 1);
    await desk.run((unit) => changeSettings(unit, { timezone: 'America/New_York' }));
    const loan = await desk.run((unit) => borrow(unit, { bookId: book.id, personId: reader.id }));
    desk.clock.advance(Date.parse(loan.dueAt) - desk.clock.now() - 60 * MINUTE);
    await desk.run((unit) => changeSettings(unit, { timezone: 'Asia/Manila' }));
    expect((await desk.runner.db.selectFrom('loans').select('dueAt').executeTakeFirstOrThrow()).dueAt).toBe(loan.dueAt);
    await desk.run((unit) => returnLoan(unit, loan));
  });
});
