import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkIn, checkOutById } from '../src/domain/attendance.ts';
import { createPerson } from '../src/domain/people.ts';
import { computeDashboard } from '../src/domain/metrics.ts';
import { toCsv } from '../src/domain/csv-export.ts';
import { placeHold } from '../src/domain/holds.ts';
import { localDate } from '../src/domain/instant.ts';
import { loanById, loanEntity } from '../src/domain/loan-view.ts';
import { borrow, renewLoan, returnLoan } from '../src/domain/loans.ts';
import { scan } from '../src/domain/scans.ts';
import { startBound } from '../src/domain/session-limit.ts';
import { endSession, startSession } from '../src/domain/sessions.ts';
import { changeCalendar } from '../src/domain/venue-changes.ts';
import { joinWaitingList, waitingEntries } from '../src/domain/waiting-list.ts';
import { readTable } from '../src/imports/read-table.ts';
import { claims } from '../src/jobs/claims.ts';
import { closing } from '../src/jobs/closing.ts';
import { overdue } from '../src/jobs/overdue.ts';
import { sessionDeadlines } from '../src/jobs/session-deadlines.ts';
import { KIOSK, openDesk, type Desk } from './desk.ts';
import { addBook, addItem, addPupil, letPass, MINUTE, startJobs, told } from './holdings.ts';

// Each test is called after reports of users of other systems; docs/known-faults.md has the table.

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
let desk: Desk;
let aya: string;
let ben: string;
let pc: string;
let book: string;
beforeEach(async () => {
  desk = await openDesk(); // Tuesday 10:30 in Manila; open until 17:00
  aya = (await addPupil(desk, 1)).id;
  ben = (await addPupil(desk, 2)).id;
  pc = (await addItem(desk, 'PC 1')).id;
  book = (await addBook(desk, '000123')).id;
});
afterEach(() => desk.close());

const start = (personId: string, more: object = {}) => desk.run((unit) => startSession(unit, { equipmentId: pc, personId, ...more }));
const lend = (personId: string) => desk.run((unit) => borrow(unit, { bookId: book, personId }));
const door = (barcode: string) => desk.run((unit) => scan(unit, { barcode, station: 'door' }), KIOSK);
const notices = (cause: string) => told<{ cause?: string; message: string }>(desk, 'notification').filter((notice) => notice.cause === cause);

describe('time on stations', () => {
  it('[EQP2] libki-server 64: the minutes of a day are granted once', async () => {
    for (const minutes of [90, 90]) {
      const { id } = await start(aya);
      desk.clock.advance(minutes * MINUTE);
      await desk.run((unit) => endSession(unit, id));
    }
    await expect(start(aya)).rejects.toMatchObject({ code: 'DAILY_LIMIT' });
    desk.clock.advance(DAY);
    expect((await start(aya)).bound).toEqual({ minutes: 90, reason: 'CATEGORY' });
  });

  it('[EQP2] libki-server 210, 211: minutes before a claim are counted in minutes, at every second of them, and nothing is offered inside a running session', async () => {
    for (let seconds = 0; seconds <= 600; seconds++) {
      const bound = startBound({ now: 0, categoryMinutes: 90, itemMinutes: null, dailyLeftMs: 180 * MINUTE, reservedAt: seconds * 1000 });
      expect(bound).toEqual({ minutes: Math.max(0, Math.floor(seconds / 60) - 2), reason: 'RESERVATION' });
    }
    await start(aya);
    await expect(start(ben)).rejects.toMatchObject({ code: 'SEAT_TAKEN' });
  });

  it('[EQP1] libki-server 262, 241: after a PC was rebooted the next user gets on, and the old session is closed', async () => {
    const old = await start(aya);
    await start(ben, { override: true, reason: 'the PC was rebooted' });
    expect(await desk.runner.db.selectFrom('equipmentSessions').select(['status', 'endReason']).where('id', '=', old.id).executeTakeFirst()).toEqual({ status: 'TERMINATED', endReason: 'REPLACED' });
  });

  it('[CAL2] libki-server 166: closing is on the venue’s wall clock, wherever the server runs', async () => {
    desk.clock.advance(Date.parse('2025-10-14T08:20:00.000Z') - desk.clock.now()); // 16:20 in Manila
    expect(await start(aya)).toMatchObject({ endsAt: '2025-10-14T09:00:00.000Z', bound: { minutes: 40, reason: 'CLOSING' } });
  });

  it('[EQP3] libki-client 111, 3, 117: no nightly job is needed for new minutes, and ends that were slept over happen at start', async () => {
    const { id, endsAt } = await start(aya);
    desk.clock.advance(DAY);
    const jobs = await startJobs(desk, sessionDeadlines);
    expect(await desk.runner.db.selectFrom('equipmentSessions').select(['status', 'endedAt']).where('id', '=', id).executeTakeFirst()).toEqual({ status: 'EXPIRED', endedAt: endsAt });
    expect((await start(aya)).bound.minutes).toBe(90);
    await jobs.close();
  });

  it('[EQP3] Evergreen 2150808: the warnings of a session end with it, the next user sees only their own', async () => {
    const jobs = await startJobs(desk, sessionDeadlines);
    const first = await start(aya, { minutes: 12 });
    await desk.run((unit) => endSession(unit, first.id));
    await start(ben, { minutes: 30 });
    await jobs.advance(15 * MINUTE);
    expect(notices('TIME_LIMIT_WARNING')).toEqual([]);
    await jobs.advance(6 * MINUTE);
    expect(notices('TIME_LIMIT_WARNING').map(({ message }) => message)).toEqual(['Cruz, Pupil 2 has 10 minutes remaining on PC 1']);
    await jobs.close();
  });

  it('[EQP5] LibreBooking 1046: a claim that nobody takes up goes to the next by itself', async () => {
    await start(aya);
    for (const personId of [ben, (await addPupil(desk, 3)).id]) await desk.run((unit) => joinWaitingList(unit, { type: 'COMPUTER', personId }));
    await letPass(desk, sessionDeadlines, 90 * MINUTE);
    const [first] = await waitingEntries(desk.runner.db);
    expect(first).toMatchObject({ studentId: ben, status: 'CLAIMED' });
    await letPass(desk, claims, 3 * MINUTE);
    expect(await waitingEntries(desk.runner.db)).toMatchObject([{ number: 2, status: 'CLAIMED' }]);
  });
});

describe('books', () => {
  it('[CIR3] Evergreen 1951024, 1828114: nothing is overdue before its instant, and a due day is the day on the venue’s wall', async () => {
    const { id, dueAt } = await lend(aya);
    const status = async () => (await loanEntity(desk.runner.db, await loanById(desk.runner.db, id), desk.clock.now(), desk.runner.venue)).status;
    desk.clock.advance(Date.parse(dueAt) - desk.clock.now());
    expect(await status()).toBe('ACTIVE');
    expect(localDate(Date.parse(dueAt), 'Asia/Manila')).toBe('2025-10-21');
    desk.clock.advance(1);
    expect(await status()).toBe('OVERDUE');
  });

  it('[CIR5] Evergreen 1029601: a double click makes one hold', async () => {
    await lend(aya);
    await desk.run((unit) => placeHold(unit, { bookId: book, personId: ben }));
    await expect(desk.run((unit) => placeHold(unit, { bookId: book, personId: ben }))).rejects.toMatchObject({ code: 'ALREADY_ON_HOLD' });
    expect(await desk.runner.db.selectFrom('holds').select('id').execute()).toHaveLength(1);
  });

  it('[CIR4] rero-ils 38, cds-ils 523: nothing is renewed while somebody waits', async () => {
    const loan = await lend(aya);
    await desk.run((unit) => placeHold(unit, { bookId: book, personId: ben }));
    await expect(desk.run((unit) => renewLoan(unit, loan.id))).rejects.toMatchObject({ code: 'RESERVED' });
  });

  it('[CAL1] rero-ils 263, 599, 2198: an exception of the calendar counts for due dates', async () => {
    await desk.run((unit) => changeCalendar(unit, { exceptions: [{ date: '2025-10-21', hours: [], reason: 'Fiesta' }] }));
    expect(localDate(Date.parse((await lend(aya)).dueAt), 'Asia/Manila')).toBe('2025-10-22');
  });

  it('[CIR5] rero-ils 2938, 2295: the notice of a kept copy names whom it is kept for, and the copy', async () => {
    const loan = await lend(aya);
    await desk.run((unit) => placeHold(unit, { bookId: book, personId: ben }));
    await desk.run((unit) => returnLoan(unit, loan));
    expect(notices('HOLD_READY').map(({ message }) => message)).toEqual(['"Noli Me Tangere" (000123) is kept for Cruz, Pupil 2 until 2025-10-17']);
    expect(desk.events.filter(({ type }) => type === 'personal_notification').map(({ target }) => target)).toEqual([{ userId: ben }]);
  });

  it('[CIR6] Librarika 318: nobody is asked for a book that came back', async () => {
    const loan = await lend(aya);
    await letPass(desk, overdue, 10 * DAY);
    expect(notices('OVERDUE')).toHaveLength(1);
    await desk.run((unit) => returnLoan(unit, loan));
    await letPass(desk, overdue, 90 * DAY);
    expect(notices('OVERDUE')).toHaveLength(1);
  });

  it('[CIR1] snipe-it 2347, 17896; LibreBooking 147: one thing is given to one, and the other is told who has it', async () => {
    const loan = await lend(aya);
    await expect(lend(ben)).rejects.toMatchObject({ code: 'BOOK_ON_LOAN', details: { loanId: loan.id, studentName: 'Cruz, Pupil 1' } });
    const session = await start(aya);
    await expect(start(ben)).rejects.toMatchObject({ code: 'SEAT_TAKEN', details: { sessionId: session.id, studentName: 'Cruz, Pupil 1' } });
  });
});

describe('codes and scans', () => {
  it('[SCN1] Evergreen 2087873: a barcode is trimmed at its ends only', async () => {
    await desk.run((unit) => createPerson(unit, { schoolId: 'P', surname: 'Short', givenName: 'P' }));
    await desk.run((unit) => createPerson(unit, { schoolId: 'P 123', surname: 'Long', givenName: 'Q' }));
    expect((await desk.run((unit) => scan(unit, { barcode: '  p 123\r', station: 'desk' }))).person?.surname).toBe('Long');
  });

  it('[SCN1] Librarika 103: leading zeros are part of a code', async () => {
    expect((await desk.run((unit) => scan(unit, { barcode: '000123', station: 'desk' }))).book).toMatchObject({ barcode: '000123' });
    expect((await desk.run((unit) => scan(unit, { barcode: '123', station: 'desk' }))).result).toBe('UNKNOWN');
  });

  it('[SCN1] Librarika 299: a scan that fails stands in no other one’s way', async () => {
    expect((await door('nobody')).result).toBe('UNKNOWN');
    expect((await door('20240001')).result).toBe('CHECKED_IN');
    expect((await door('20240002')).result).toBe('CHECKED_IN');
  });

  it('[SCN2] pretixscan 70: the same code twice in a second counts once, and says so', async () => {
    const first = await door('20240001');
    desk.clock.advance(1000);
    expect(await door('20240001')).toEqual({ ...first, result: 'ALREADY_COUNTED' });
    expect(await desk.runner.db.selectFrom('visits').select('id').execute()).toHaveLength(1);
  });

  it('[ATT1] Footfall 40, clowdr 12: occupancy is who is inside, and never below nobody', async () => {
    const visit = await desk.run((unit) => checkIn(unit, { personId: aya, location: 'Main Library' }));
    await desk.run((unit) => checkOutById(unit, visit.id));
    for (let time = 0; time < 5; time++) await desk.run((unit) => checkOutById(unit, visit.id)).catch(() => undefined);
    await letPass(desk, closing, DAY);
    expect((await computeDashboard(desk.runner.db, desk.runner.venue, desk.clock.now())).metrics.occupancy).toBe(0);
  });

  it('[IMP2] snipe-it 4495: what is exported can be read again, commas, quotes and line breaks included', async () => {
    const rows = [['Cruz, "Aya"', 'two\nlines'], ['semi;colon', ' blanks '], ['007', '']];
    const table = await readTable(toCsv(['name', 'note'], rows), async () => undefined);
    expect(table.rows.map(({ cells }) => cells)).toEqual(rows);
  });
});
