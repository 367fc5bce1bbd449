import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkIn, checkOutById } from '../src/domain/attendance.ts';
import { raiseEmergency, tickRollCall } from '../src/domain/emergency.ts';
import { borrow, returnLoan } from '../src/domain/loans.ts';
import { personById } from '../src/domain/people.ts';
import { erasePerson } from '../src/domain/person-erasure.ts';
import { exportPerson } from '../src/domain/person-export.ts';
import { retentionDryRun } from '../src/domain/retention.ts';
import { scan } from '../src/domain/scans.ts';
import { startSession } from '../src/domain/sessions.ts';
import { retention } from '../src/jobs/retention.ts';
import { KIOSK, openDesk, type Desk } from './desk.ts';
import { addBook, addItem, addPupil, MINUTE, startJobs } from './holdings.ts';

let desk: Desk;
let aya: string;
beforeEach(async () => {
  desk = await openDesk();
  aya = (await addPupil(desk, 1)).id;
});
afterEach(() => desk.close());

const DAY = 24 * 60 * MINUTE;
/** A morning of a pupil: in by card, a station, a book out and back, a roll-call, out. */
async function morning(): Promise<void> {
  const book = await addBook(desk, 'HS00001');
  const item = await addItem(desk, 'PC 1');
  const { visit } = await desk.run((unit) => scan(unit, { barcode: '20240001', station: 'desk' }));
  await desk.run((unit) => startSession(unit, { equipmentId: item.id, personId: aya }));
  const loan = await desk.run((unit) => borrow(unit, { bookId: book.id, personId: aya }));
  const { id } = await desk.run((unit) => raiseEmergency(unit, { severity: 'HIGH', message: 'Drill' }));
  await desk.run((unit) => tickRollCall(unit, id, aya, 'SAFE'));
  await desk.run((unit) => returnLoan(unit, loan));
  await desk.run((unit) => checkOutById(unit, visit!.id!));
}
/** Rows of all tables that still name the person, but for the audit, which names ids only. */
async function traces(): Promise<string[]> {
  const tables = ['visits', 'activities', 'scans', 'equipmentSessions', 'waitingList', 'loans', 'holds', 'rollCall', 'rollCallTicks'] as const;
  const found: string[] = [];
  for (const table of tables) {
    const rows = await desk.runner.db.selectFrom(table).selectAll().execute();
    if (rows.some((row) => JSON.stringify(row).includes(aya))) found.push(table);
  }
  return found;
}

describe('one person', () => {
  it('[PRV2] is handed over whole', async () => {
    await morning();
    const all = await exportPerson(desk.runner.db, await personById(desk.runner.db, aya));
    const counts = Object.fromEntries(Object.entries(all).filter(([, rows]) => Array.isArray(rows)).map(([table, rows]) => [table, (rows as unknown[]).length]));
    expect(counts).toEqual({ visits: 1, activities: 6, sessions: 1, waitingList: 0, loans: 1, holds: 0, scans: 1, rollCalls: 1 });
    expect(all['person']).toMatchObject({ surname: 'Cruz', schoolId: '20240001' });
  });

  it('[PRV2] is erased everywhere, while what happened still counts', async () => {
    await morning();
    const erased = await desk.run((unit) => erasePerson(unit, aya, 'asked for by the family'));
    expect(erased).toMatchObject({ surname: '', givenName: '', section: null, gradeCategory: 'JUNIOR_HIGH', active: 0 });
    expect(await traces()).toEqual([]);
    expect(await desk.runner.db.selectFrom('visits').selectAll().execute()).toHaveLength(1);
    expect(await desk.runner.db.selectFrom('audit').select(['action', 'entityId', 'details']).where('action', '=', 'PERSON_ERASED').execute()).toEqual([{ action: 'PERSON_ERASED', entityId: aya, details: JSON.stringify({ reason: 'asked for by the family' }) }]);
    expect((await desk.run((unit) => scan(unit, { barcode: '20240001', station: 'door' }), KIOSK)).result).toBe('UNKNOWN');
  });

  it('[PRV2] leaves first, and brings books back before', async () => {
    const book = await addBook(desk, 'HS00001');
    await desk.run((unit) => checkIn(unit, { personId: aya, location: 'Main Library' }));
    const loan = await desk.run((unit) => borrow(unit, { bookId: book.id, personId: aya }));
    await expect(desk.run((unit) => erasePerson(unit, aya, 'x'))).rejects.toMatchObject({ code: 'OPEN_LOANS', details: { loanIds: [loan.id] } });
    await desk.run((unit) => returnLoan(unit, loan));
    await desk.run((unit) => erasePerson(unit, aya, 'x'));
    expect(await desk.runner.db.selectFrom('visits').select(['endedBy', 'personId']).execute()).toEqual([{ endedBy: 'ERASED', personId: null }]);
    await expect(desk.run((unit) => erasePerson(unit, aya, 'x'))).rejects.toMatchObject({ code: 'PERSON_ERASED' });
  });
});

describe('retention', () => {
  it('[PRV2] says before what it will do, and then does that', async () => {
    await morning();
    desk.clock.advance(366 * DAY);
    const foreseen = await retentionDryRun(desk.runner.db, desk.runner.venue, desk.clock.now());
    expect(Object.fromEntries(foreseen.filter(({ rows }) => rows > 0).map(({ step, rows }) => [step, rows]))).toEqual({
      'visits lose their person': 1, 'activities lose their person': 6, 'equipment sessions lose their person': 1, 'loans lose their person': 1, 'scans go': 1,
    });
    expect(await traces()).not.toEqual([]);
    const jobs = await startJobs(desk, retention);
    expect(await traces()).toEqual(['rollCall', 'rollCallTicks']); // of an emergency that was never cleared
    expect(await desk.runner.db.selectFrom('visits').select(['personId', 'gradeCategory']).execute()).toEqual([{ personId: null, gradeCategory: 'JUNIOR_HIGH' }]);
    await jobs.close();
  });

  it('[PRV2] leaves what is not old enough, and comes by once a day', async () => {
    await morning();
    desk.clock.advance(364 * DAY);
    const jobs = await startJobs(desk, retention);
    expect(await traces()).toContain('visits');
    await jobs.advance(2 * DAY);
    expect(await traces()).not.toContain('visits');
    await jobs.close();
  });
});
