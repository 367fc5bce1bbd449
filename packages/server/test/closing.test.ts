import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkIn } from '../src/domain/attendance.ts';
import { borrow } from '../src/domain/loans.ts';
import { startSession } from '../src/domain/sessions.ts';
import { changeCalendar } from '../src/domain/venue-changes.ts';
import { joinWaitingList } from '../src/domain/waiting-list.ts';
import { closing } from '../src/jobs/closing.ts';
import { closingAnnouncements } from '../src/jobs/closing-announcements.ts';
import { openDesk, type Desk } from './desk.ts';
import { addBook, addItem, addPupil, MINUTE, startJobs } from './holdings.ts';

let desk: Desk;
let aya: string;
beforeEach(async () => {
  desk = await openDesk(); // Tuesday 10:30, open until 17:00
  aya = (await addPupil(desk, 1)).id;
});
afterEach(() => desk.close());

const HOUR = 60 * MINUTE;
const announced = () => desk.events.filter((event) => event.type === 'system_announcement').map((event) => event.data as { message: string; urgency: string });
const visits = () => desk.runner.db.selectFrom('visits').select(['checkedOutAt', 'endedBy']).orderBy('checkedInAt').execute();

describe('closing time', () => {
  it('[CAL2] is announced 30 and 10 minutes before, once each, and again the next day', async () => {
    const jobs = await startJobs(desk, closingAnnouncements);
    await jobs.advance(5 * HOUR + 59 * MINUTE);
    expect(announced()).toEqual([]);
    await jobs.advance(6 * HOUR);
    expect(announced()).toMatchObject([{ message: 'Library closing in 30 minutes, at 17:00', urgency: 'LOW' }, { message: 'Library closing in 10 minutes, at 17:00', urgency: 'MEDIUM' }]);
    await jobs.advance(24 * HOUR);
    expect(announced()).toHaveLength(4);
    await jobs.close();
  });

  it('[CAL2] is announced late rather than not, once and with the minutes that are left', async () => {
    desk.clock.advance(6 * HOUR + 12 * MINUTE);
    const jobs = await startJobs(desk, closingAnnouncements);
    expect(announced()).toMatchObject([{ message: 'Library closing in 18 minutes, at 17:00' }]);
    await jobs.close();
  });

  it('[ATT2][CAL2] ends visits, sessions and queues, and tells each activity', async () => {
    const other = await addPupil(desk, 2);
    const item = await addItem(desk, 'PC 1');
    desk.clock.advance(5 * HOUR);
    await desk.run((unit) => checkIn(unit, { personId: aya, location: 'Main Library' }));
    await desk.run((unit) => startSession(unit, { equipmentId: item.id, personId: other.id }));
    await desk.run((unit) => joinWaitingList(unit, { type: 'COMPUTER', personId: aya }));
    const jobs = await startJobs(desk, closing);
    await jobs.advance(90 * MINUTE);
    expect(await visits()).toEqual([{ checkedOutAt: '2025-10-14T09:00:00.000Z', endedBy: 'CLOSING' }]);
    expect(await desk.runner.db.selectFrom('equipmentSessions').select(['status', 'endReason']).execute()).toEqual([{ status: 'TERMINATED', endReason: 'CLOSING' }]);
    expect(await desk.runner.db.selectFrom('waitingList').select('status').execute()).toEqual([{ status: 'LEFT' }]);
    const out = desk.events.filter((event) => event.type === 'activity_update').map((event) => event.data as { activityType: string; duration?: number; timestamp: string });
    expect(out.find(({ activityType }) => activityType === 'CHECK_OUT')).toMatchObject({ duration: 5400, timestamp: '2025-10-14T09:00:00.000Z' });
    await jobs.close();
  });

  it('[ATT2] that was slept over ends each visit at its own day’s closing', async () => {
    await desk.run((unit) => checkIn(unit, { personId: aya, location: 'Main Library' }));
    desk.clock.advance(3 * 24 * HOUR);
    const jobs = await startJobs(desk, closing);
    expect(await visits()).toEqual([{ checkedOutAt: '2025-10-14T09:00:00.000Z', endedBy: 'CLOSING' }]);
    await jobs.close();
  });

  it('[ATT2] leaves whoever is let in on a closed day until that day ends', async () => {
    desk.clock.advance(4 * 24 * HOUR); // Saturday
    await desk.run((unit) => checkIn(unit, { personId: aya, location: 'Main Library' }));
    const jobs = await startJobs(desk, closing);
    await jobs.advance(13 * HOUR);
    expect((await visits())[0]).toMatchObject({ endedBy: null });
    await jobs.advance(HOUR);
    expect(await visits()).toEqual([{ checkedOutAt: '2025-10-18T16:00:00.000Z', endedBy: 'CLOSING' }]);
    await jobs.close();
  });
});

const closeOn = (date: string, hours: { open: string; close: string }[] = []) => desk.run((unit) => changeCalendar(unit, { exceptions: [{ date, hours, reason: 'Typhoon' }] }));
const reopen = () => desk.run((unit) => changeCalendar(unit, { exceptions: [] }));
const dueAt = async () => (await desk.runner.db.selectFrom('loans').select('dueAt').executeTakeFirstOrThrow()).dueAt;
const lend = async () => {
  const book = await addBook(desk, 'HS00001');
  await desk.run((unit) => borrow(unit, { bookId: book.id, personId: aya }));
};

describe('an emergency closing', () => {
  it('[CAL2] of the day a loan is due moves it to the next open day, and can be undone', async () => {
    await lend();
    expect(await dueAt()).toBe('2025-10-21T15:59:00.000Z');
    await closeOn('2025-10-21');
    expect(await dueAt()).toBe('2025-10-22T15:59:00.000Z');
    await reopen();
    expect(await dueAt()).toBe('2025-10-21T15:59:00.000Z');
  });

  it('[CAL2] of another day moves nothing', async () => {
    await lend();
    await closeOn('2025-10-20');
    expect(await dueAt()).toBe('2025-10-21T15:59:00.000Z');
  });

  it('[CAL2] of the rest of today ends what goes on, and moves what was due today', async () => {
    await lend();
    desk.clock.advance(7 * 24 * HOUR); // Tuesday the 21st, 10:30
    await desk.run((unit) => checkIn(unit, { personId: aya, location: 'Main Library' }));
    await closeOn('2025-10-21', [{ open: '07:30', close: '10:30' }]);
    expect(await visits()).toEqual([{ checkedOutAt: '2025-10-21T02:30:00.000Z', endedBy: 'CLOSING' }]);
    expect(await dueAt()).toBe('2025-10-22T15:59:00.000Z');
    expect(announced()).toMatchObject([{ urgency: 'HIGH' }]);
    await reopen();
    expect(await dueAt()).toBe('2025-10-21T15:59:00.000Z');
  });

  it('[CAL2] undone on the day after does not make anybody late', async () => {
    await lend();
    await closeOn('2025-10-21');
    desk.clock.advance(8 * 24 * HOUR);
    await reopen();
    expect(await dueAt()).toBe('2025-10-22T15:59:00.000Z');
  });
});
