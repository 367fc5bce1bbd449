import type { Activity, EmergencyAlert, Notification } from '@clms/protocol';
import type { NewEvent } from '@clms/realtime';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkIn, checkOutById } from '../src/domain/attendance.ts';
import { postChat } from '../src/domain/chat.ts';
import { raiseEmergency, tickRollCall } from '../src/domain/emergency.ts';
import { placeHold } from '../src/domain/holds.ts';
import { borrow, returnLoan } from '../src/domain/loans.ts';
import { personById } from '../src/domain/people.ts';
import { erasePerson } from '../src/domain/person-erasure.ts';
import { exportPerson } from '../src/domain/person-export.ts';
import { retentionDryRun } from '../src/domain/retention.ts';
import { scan } from '../src/domain/scans.ts';
import { startSession } from '../src/domain/sessions.ts';
import { joinWaitingList } from '../src/domain/waiting-list.ts';
import { retention } from '../src/jobs/retention.ts';
import { SHAPES } from '../src/store/schema.ts';
import { ANA, KIOSK, openDesk, type Desk } from './desk.ts';
import { addBook, addItem, addPupil, MINUTE, startJobs, told } from './holdings.ts';

let desk: Desk;
let aya: string;
beforeEach(async () => {
  desk = await openDesk();
  aya = (await addPupil(desk, 1)).id;
  forgotten.length = 0;
});
afterEach(() => desk.close());

const DAY = 24 * 60 * MINUTE;
const forgotten: NewEvent[] = [];
const erase = (reason: string) => desk.run((unit) => erasePerson(unit, aya, reason, (events) => void forgotten.push(...events)));

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
/** Something of the pupil in every table that can hold it, in whatever way it gets there. */
async function everywhere(): Promise<void> {
  await morning();
  const [other, taken, wanted] = [await addPupil(desk, 2), await addItem(desk, 'Console 1', { type: 'GAMING_CONSOLE' }), await addBook(desk, 'HS00002', { title: 'El Filibusterismo' })];
  await desk.run((unit) => startSession(unit, { equipmentId: taken.id, personId: other.id }));
  await desk.run((unit) => joinWaitingList(unit, { type: 'GAMING_CONSOLE', personId: aya }));
  await desk.run((unit) => placeHold(unit, { bookId: wanted.id, personId: aya })); // a notice to the staff names her
  await desk.run((unit) => scan(unit, { barcode: '*20240001*', station: 'desk' })); // at once again: the second is no scan of its own
  await desk.run((unit) => scan(unit, { barcode: '20240001', station: 'door', scannedAt: '2025-10-14T02:00:00.000Z', sentAt: '2025-10-14T02:01:00.000Z' }), KIOSK);
  await desk.run((unit) => postChat(unit, { room: 'staff', text: 'Has anybody seen Cruz, Pupil 1?', clientMessageId: 'c1' }));
  await desk.runner.db.insertInto('imports').values({
    id: 'import_1', kind: 'students', status: 'APPLIED', format: null, encoding: null, delimiter: null, lineEnd: null, fileName: null, counts: '{}', rows: JSON.stringify([{ line: 2, outcome: 'reject', reasons: ['Id 20240001 stands twice'], repairs: [] }]),
    error: null, progress: 1, createdAt: '2025-10-14T02:00:00.000Z', createdBy: 'user_ana', finishedAt: null,
  }).execute();
  await desk.runner.runOnce(ANA, { account: 'user_ana', key: 'k', request: 'GET /api/students' }, async () => ({ status: 200, body: { surname: 'Cruz', givenName: 'Pupil 1' } }), () => undefined);
}
/** Tables of which a row holds one of these words anywhere. */
async function tablesNaming(...words: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const table of Object.keys(SHAPES)) {
    const { rows } = await sql`select * from ${sql.table(table)}`.execute(desk.runner.db);
    if (rows.some((row) => words.some((word) => JSON.stringify(row).includes(word)))) found.push(table);
  }
  return found;
}
/** The schema says where people are: a table that is added with such a column must be filled above, erased, and handed over. */
const TABLES_OF_PEOPLE = Object.entries(SHAPES).flatMap(([table, shape]) => ('personId' in shape ? [table] : []));

describe('one person', () => {
  it('[PRV2] is handed over whole: of every table that knows people', async () => {
    await everywhere();
    const all = await exportPerson(desk.runner.db, await personById(desk.runner.db, aya));
    const keys: Record<string, string> = { equipmentSessions: 'sessions', rollCall: 'rollCalls' };
    for (const table of [...TABLES_OF_PEOPLE, 'scanExceptions', 'notices', 'audit']) {
      const rows = all[keys[table] ?? table] as unknown[] | undefined;
      expect(rows?.length, table).toBeGreaterThan(0);
    }
    expect(all['person']).toMatchObject({ surname: 'Cruz', schoolId: '20240001' });
    expect(all['visits']).toHaveLength(1);
    expect(all['sessions']).toHaveLength(1);
  });

  it('[PRV2] is erased everywhere, while what happened still counts', async () => {
    await everywhere();
    expect(await tablesNaming(aya)).toEqual(expect.arrayContaining(TABLES_OF_PEOPLE));
    const erased = await erase('asked for by the family');
    expect(erased).toMatchObject({ surname: '', givenName: '', section: null, gradeCategory: 'JUNIOR_HIGH', active: 0 });
    // Another pupil is called Cruz too: full names and the card's number are what must be gone.
    expect(await tablesNaming('Cruz, Pupil 1', 'Pupil 1', '20240001')).toEqual([]);
    expect(await tablesNaming(aya)).toEqual(['audit', 'people']);
    expect(await desk.runner.db.selectFrom('visits').selectAll().execute()).toHaveLength(1);
    expect(await desk.runner.db.selectFrom('audit').select(['action', 'entityId', 'details']).where('action', '=', 'PERSON_ERASED').execute()).toEqual([{ action: 'PERSON_ERASED', entityId: aya, details: JSON.stringify({ reason: 'asked for by the family' }) }]);
    expect((await desk.run((unit) => scan(unit, { barcode: '20240001', station: 'door' }), KIOSK)).result).toBe('UNKNOWN');
  });

  it('[PRV2] goes from what screens show: activities, notices and the roll-call are told again without her', async () => {
    await everywhere();
    const from = desk.events.length;
    const before = new Set(told<Activity>(desk, 'activity_update').filter((activity) => activity.studentId === aya).map(({ id }) => id));
    await erase('asked for by the family');
    const again = told<Activity>(desk, 'activity_update', from);
    expect(again.map(({ id }) => id)).toEqual(expect.arrayContaining([...before]));
    expect(told<Notification>(desk, 'notification', from).some(({ cause, message }) => cause === 'HOLD_READY' && message.includes('erased'))).toBe(true);
    expect(told<EmergencyAlert>(desk, 'emergency_alert', from).at(-1)).toMatchObject({ counts: { inside: 0 }, rollCall: [] });
    expect(JSON.stringify(desk.events.slice(from).map(({ data }) => data))).not.toMatch(new RegExp(`Pupil 1|20240001|${aya}`));
    expect(new Set(forgotten.map(({ topic }) => topic))).toEqual(new Set(['activities', 'equipment', 'emergency', 'notifications', 'chat']));
  });

  it('[PRV2] leaves first, and brings books back before', async () => {
    const book = await addBook(desk, 'HS00001');
    await desk.run((unit) => checkIn(unit, { personId: aya, location: 'Main Library' }));
    const loan = await desk.run((unit) => borrow(unit, { bookId: book.id, personId: aya }));
    await expect(erase('x')).rejects.toMatchObject({ code: 'OPEN_LOANS', details: { loanIds: [loan.id] } });
    await desk.run((unit) => returnLoan(unit, loan));
    await erase('x');
    expect(await desk.runner.db.selectFrom('visits').select(['endedBy', 'personId']).execute()).toEqual([{ endedBy: 'ERASED', personId: null }]);
    await expect(erase('x')).rejects.toMatchObject({ code: 'PERSON_ERASED' });
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
    expect(await tablesNaming(aya)).not.toEqual([]);
    const jobs = await startJobs(desk, retention);
    // Events and audit have bounds of their own; the emergency was never cleared.
    expect(await tablesNaming(aya)).toEqual(['audit', 'people', 'rollCall', 'rollCallTicks', 'outbox']);
    expect(await desk.runner.db.selectFrom('visits').select(['personId', 'gradeCategory']).execute()).toEqual([{ personId: null, gradeCategory: 'JUNIOR_HIGH' }]);
    await jobs.close();
  });

  it('[PRV2] leaves what is not old enough, and comes by once a day', async () => {
    await morning();
    desk.clock.advance(364 * DAY);
    const jobs = await startJobs(desk, retention);
    expect(await tablesNaming(aya)).toContain('visits');
    await jobs.advance(2 * DAY);
    expect(await tablesNaming(aya)).not.toContain('visits');
    await jobs.close();
  });
});
