import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alertsOf, type Situation } from '../src/domain/alerts.ts';
import { checkIn, checkOutById } from '../src/domain/attendance.ts';
import { raiseEmergency } from '../src/domain/emergency.ts';
import { borrow } from '../src/domain/loans.ts';
import { computeDashboard, nextDashboardChangeAt } from '../src/domain/metrics.ts';
import { arrivalsPeak, occupancyPeak } from '../src/domain/peak.ts';
import { startSession } from '../src/domain/sessions.ts';
import { joinWaitingList } from '../src/domain/waiting-list.ts';
import { peak } from '../src/jobs/peak.ts';
import { openDesk, type Desk } from './desk.ts';
import { addBook, addItem, addPupil, MINUTE, startJobs } from './holdings.ts';

let desk: Desk;
beforeEach(async () => void (desk = await openDesk({ settings: { locations: [{ name: 'Main Library', capacity: 5 }, { name: 'AVR Room', capacity: 5 }] } })));
afterEach(() => desk.close());

const dashboard = () => computeDashboard(desk.runner.db, desk.runner.venue, desk.clock.now());
const nextChange = async () => new Date(await nextDashboardChangeAt(desk.runner.db, desk.runner.venue, desk.clock.now())).toISOString();
const enter = async (number: number, location = 'Main Library') => {
  const person = await addPupil(desk, number);
  return desk.run((unit) => checkIn(unit, { personId: person.id, location }));
};

describe('the dashboard', () => {
  it('[DSH1] of an empty library is all zeros and no alerts', async () => {
    expect(await dashboard()).toEqual({
      metrics: { totalStudents: 0, activeSessions: 0, equipmentInUse: 0, booksBorrowed: 0, overdueItems: 0, occupancy: 0, capacity: 10, visitsToday: 0, waiting: 0 },
      alerts: [],
      timestamp: '2025-10-14T02:30:00.000Z',
    });
  });

  it('[DSH1] counts what is committed, and only that', async () => {
    const first = await enter(1);
    const second = await enter(2);
    const room = await addItem(desk, 'Room 1', { type: 'STUDY_ROOM', seats: 2 });
    const book = await addBook(desk, 'HS00001');
    await desk.run((unit) => startSession(unit, { equipmentId: room.id, personId: first.personId! }));
    await desk.run((unit) => startSession(unit, { equipmentId: room.id, personId: second.personId! }));
    const third = await addPupil(desk, 3);
    await desk.run((unit) => joinWaitingList(unit, { type: 'STUDY_ROOM', personId: third.id }));
    await desk.run((unit) => borrow(unit, { bookId: book.id, personId: first.personId! }));
    await desk.run((unit) => checkOutById(unit, second.id));
    expect((await dashboard()).metrics).toMatchObject({ totalStudents: 1, occupancy: 1, visitsToday: 2, activeSessions: 1, equipmentInUse: 1, booksBorrowed: 1, overdueItems: 0, waiting: 1 });
  });

  it('[DSH1] changes by itself when a session nears its end, a book falls overdue and the day ends, at instants it knows before', async () => {
    const visit = await enter(1);
    const item = await addItem(desk, 'PC 1');
    await desk.run((unit) => startSession(unit, { equipmentId: item.id, personId: visit.personId!, minutes: 30 }));
    expect(await nextChange()).toBe('2025-10-14T02:50:00.000Z');
    desk.clock.advance(20 * MINUTE);
    expect((await dashboard()).alerts).toEqual([{ type: 'TIME_LIMIT_WARNING', message: '1 student approaching time limit', count: 1, severity: 'WARNING' }]);
    expect(await nextChange()).toBe('2025-10-14T16:00:00.000Z');
    const book = await addBook(desk, 'EB00001', { collectionCode: 'EB' });
    await desk.run((unit) => borrow(unit, { bookId: book.id, personId: visit.personId! }));
    desk.clock.advance(24 * 60 * MINUTE);
    expect(await nextChange()).toBe('2025-10-15T15:59:00.001Z');
    desk.clock.advance(Date.parse('2025-10-15T15:59:00.000Z') - desk.clock.now());
    expect((await dashboard()).metrics.overdueItems).toBe(0);
    desk.clock.advance(1);
    expect((await dashboard()).metrics).toMatchObject({ overdueItems: 1, visitsToday: 0 });
  });

  it('[ATT3] warns from 80 % on, by location', async () => {
    for (const number of [1, 2, 3]) await enter(number);
    expect((await dashboard()).alerts).toEqual([]);
    await enter(4);
    expect((await dashboard()).alerts).toEqual([{ type: 'CAPACITY_WARNING', message: 'Main Library is at 80 %: 4 of 5', count: 4, severity: 'WARNING' }]);
    await enter(5);
    expect((await dashboard()).alerts).toMatchObject([{ message: 'Main Library is full: 5 of 5', severity: 'DANGER' }]);
  });

  it('[DSH1] puts an emergency first', async () => {
    for (const number of [1, 2, 3, 4]) await enter(number);
    await desk.run((unit) => raiseEmergency(unit, { severity: 'HIGH', message: 'Power cut' }));
    expect((await dashboard()).alerts.map(({ type }) => type)).toEqual(['EMERGENCY', 'CAPACITY_WARNING']);
  });
});

describe('alerts', () => {
  const quiet: Situation = { locations: [], capacityWarningPercent: 80, endingSoon: 0, overdueItems: 0, unacknowledged: 0, emergencies: 0, scanExceptions: 0, outOfUse: 0 };
  it.each([
    ['endingSoon', 5, 'TIME_LIMIT_WARNING', '5 students approaching time limit'],
    ['overdueItems', 1, 'OVERDUE', '1 book is overdue'],
    ['scanExceptions', 2, 'SCAN_EXCEPTIONS', '2 scans need a look'],
    ['unacknowledged', 1, 'UNACKNOWLEDGED', '1 notice waits for an acknowledgement'],
    ['outOfUse', 3, 'EQUIPMENT_OUT_OF_USE', '3 stations are out of use'],
  ] as const)('[DSH1] %s', (key, count, type, message) => expect(alertsOf({ ...quiet, [key]: count })).toMatchObject([{ type, message, count }]));
});

describe('a rush', () => {
  it.each([
    [8, false, undefined],
    [9, false, 'begins'],
    [9, true, undefined],
    [7, true, undefined],
    [6, true, 'ends'],
  ] as const)('[DSH2] with %i of 10 inside, told before: %s → %s', (inside, marked, turn) => expect(occupancyPeak({ inside, capacity: 10, arrivals: 0, usualArrivals: 0 }, marked)).toBe(turn));

  it.each([
    [10, 5, false],
    [11, 5, true],
    [4, 1, false],
    [50, 0, false],
  ])('[DSH2] of %i arrivals where %i are usual: %s', (arrivals, usualArrivals, isPeak) => expect(arrivalsPeak({ inside: 0, capacity: 10, arrivals, usualArrivals })).toBe(isPeak));

  it('[DSH2] is told to staff once while it lasts, and again when it comes back', async () => {
    const jobs = await startJobs(desk, peak);
    const told = () => desk.events.filter((event) => event.type === 'staff_alert').map((event) => (event.target as { role: string }).role);
    const visits = [];
    for (let number = 1; number <= 10; number++) visits.push(await enter(number, number <= 5 ? 'Main Library' : 'AVR Room'));
    await jobs.advance(MINUTE);
    expect(told()).toEqual(['ADMIN', 'LIBRARIAN', 'STAFF']);
    for (const visit of visits.slice(0, 4)) await desk.run((unit) => checkOutById(unit, visit.id));
    await jobs.advance(MINUTE);
    for (const visit of visits.slice(0, 4)) await desk.run((unit) => checkIn(unit, { personId: visit.personId!, location: 'Main Library' }));
    await jobs.advance(MINUTE);
    expect(told()).toHaveLength(6);
    await jobs.close();
  });

  it('[DSH2] of arrivals is measured against the same weekday and hour of the weeks before', async () => {
    const lastTuesday = new Date(desk.clock.now() - 7 * 24 * 60 * MINUTE).toISOString();
    await desk.runner.db.insertInto('visits').values(Array.from({ length: 8 }, (_, index) => ({
      id: `visit_old${index}`, version: 1, createdAt: lastTuesday, updatedAt: lastTuesday, personId: null, gradeCategory: null, location: 'Main Library', station: null, checkedInAt: lastTuesday, checkedOutAt: lastTuesday, endedBy: 'SCAN',
      localDate: '2025-10-07', localHour: 10, override: 0 as const, reason: null,
    }))).execute();
    const jobs = await startJobs(desk, peak);
    for (const number of [1, 2, 3, 4]) await enter(number);
    await jobs.advance(1);
    expect(desk.events.filter((event) => event.type === 'staff_alert')).toEqual([]);
    await enter(5, 'AVR Room');
    await jobs.advance(1);
    expect(desk.events.filter((event) => event.type === 'staff_alert')).toHaveLength(3);
    await jobs.close();
  });
});
