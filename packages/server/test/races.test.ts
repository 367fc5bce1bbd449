import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rotateSession, startSession as startLogin } from '../src/domain/accounts/sessions.ts';
import { createUser, userById } from '../src/domain/accounts/users.ts';
import { checkIn, checkOutById, moveVisit } from '../src/domain/attendance.ts';
import { placeHold } from '../src/domain/holds.ts';
import { borrow } from '../src/domain/loans.ts';
import { raiseNotice } from '../src/domain/notices.ts';
import { acknowledge } from '../src/domain/receipts.ts';
import { Refusal } from '../src/domain/refusal.ts';
import { scan } from '../src/domain/scans.ts';
import { endSession, extendSession, startSession } from '../src/domain/sessions.ts';
import type { Unit } from '../src/domain/unit.ts';
import { joinWaitingList } from '../src/domain/waiting-list.ts';
import { openStore } from '../src/store/open-store.ts';
import { SHAPES } from '../src/store/schema.ts';
import { ANA, openDesk, type Desk } from './desk.ts';
import { addBook, addItem, addPupil, told } from './holdings.ts';
import { postgresFolder, startPostgres, type PostgresServer } from './postgres-server.ts';

const binaries = postgresFolder();
if (!binaries && process.env['CI']) throw new Error('Postgres is not installed (Debian: apt-get install postgresql).');
let postgres: PostgresServer | undefined;
beforeAll(async () => {
  if (binaries) postgres = await startPostgres(binaries);
}, 60_000);
afterAll(() => postgres?.stop());

const KINDS = [{ kind: 'SQLite', url: () => 'memory:' }, ...(binaries ? [{ kind: 'Postgres', url: () => postgres!.url }] : [])];
const LONG = 60_000;
const PASSWORD = 'correct horse battery';

describe.each(KINDS)('a hundred at the same instant, on $kind', ({ url }) => {
  let desk: Desk;
  beforeEach(async () => {
    const store = await openStore(url());
    for (const table of Object.keys(SHAPES)) await sql`delete from ${sql.table(table)}`.execute(store.db);
    await store.close();
    desk = await openDesk({ url: url(), settings: { locations: [{ name: 'Main Library', capacity: 60 }, { name: 'AVR Room', capacity: 1 }] } });
  });
  afterEach(() => desk.close());

  const pupils = (count: number) => Promise.all(Array.from({ length: count }, (_, index) => addPupil(desk, index + 1)));
  /** All at once; who won, and what the others were told. */
  async function race<T>(works: readonly ((unit: Unit) => Promise<T>)[]): Promise<{ won: T[]; lost: Refusal[] }> {
    const results = await Promise.allSettled(works.map((work) => desk.run(work)));
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    for (const failure of failures) if (!(failure instanceof Refusal)) throw failure;
    return { won: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])), lost: failures as Refusal[] };
  }
  const codes = (lost: readonly Refusal[]) => [...new Set(lost.map(({ code }) => code))];
  const hundred = <T>(of: (index: number) => T): T[] => Array.from({ length: 100 }, (_, index) => of(index));
  const activities = (type: string) => told(desk, 'activity_update').filter(({ activityType }) => activityType === type);

  it('[ATT1][ATT4] one card at ten stations makes one visit, told once', async () => {
    const [aya] = await pupils(1);
    const { won } = await race(hundred((index) => (unit: Unit) => scan(unit, { barcode: aya!.barcode, station: `door ${index % 10}` })));
    const results = Map.groupBy(won, ({ result }) => result);
    expect(results.get('CHECKED_IN')).toHaveLength(1);
    expect([...results.keys()].filter((result) => !['CHECKED_IN', 'ALREADY_INSIDE', 'ALREADY_COUNTED'].includes(result))).toEqual([]);
    expect(await desk.runner.db.selectFrom('visits').select('id').execute()).toHaveLength(1);
    expect(activities('CHECK_IN')).toHaveLength(1);
  }, LONG);

  it('[ATT3] at 59 of 60 one gets in, by whatever door', async () => {
    const people = await pupils(159);
    for (const { id } of people.slice(0, 59)) await desk.run((unit) => checkIn(unit, { personId: id, location: 'Main Library' }));
    const [moving, ...coming] = people.slice(59);
    const visit = await desk.run((unit) => checkIn(unit, { personId: moving!.id, location: 'AVR Room' }));
    const works = coming.map((person, index) => async (unit: Unit) =>
      index % 2 === 0 ? (await checkIn(unit, { personId: person.id, location: 'Main Library' })).id : (await scan(unit, { barcode: person.barcode, station: `Main Library · ${index}` })).result);
    const { won, lost } = await race([async (unit: Unit) => (await moveVisit(unit, visit.id, { location: 'Main Library' })).id, ...works]);
    expect(codes(lost)).toEqual(['LOCATION_FULL']);
    expect(won.filter((answer) => answer !== 'LOCATION_FULL')).toHaveLength(1);
    expect(await desk.runner.db.selectFrom('visits').select('id').where('location', '=', 'Main Library').where('checkedOutAt', 'is', null).execute()).toHaveLength(60);
  }, LONG);

  it('[EQP1] as many sessions as seats, and the others are told who has them', async () => {
    const room = await addItem(desk, 'Study Room 1', { type: 'STUDY_ROOM', seats: 4 });
    const people = await pupils(100);
    const { won, lost } = await race(people.map(({ id }) => (unit: Unit) => startSession(unit, { equipmentId: room.id, personId: id })));
    expect(won).toHaveLength(4);
    expect(codes(lost)).toEqual(['SEAT_TAKEN']);
    for (const refusal of lost) expect(won.map(({ id }) => id)).toContain(refusal.details?.['sessionId']);
  }, LONG);

  it('[EQP5] a claim is taken up by whom it is for', async () => {
    const pc = await addItem(desk, 'PC 1');
    const people = await pupils(100);
    await desk.run((unit) => joinWaitingList(unit, { type: 'COMPUTER', personId: people[42]!.id }));
    const { won, lost } = await race(people.map(({ id }) => (unit: Unit) => startSession(unit, { equipmentId: pc.id, personId: id })));
    expect(won.map(({ studentId }) => studentId)).toEqual([people[42]!.id]);
    expect(codes(lost).filter((code) => code !== 'CLAIMED_FOR_ANOTHER' && code !== 'SEAT_TAKEN')).toEqual([]);
  }, LONG);

  it('[EQP4][EQP6] a session is extended twice at most, and ends once, told once', async () => {
    const pc = await addItem(desk, 'PC 1');
    const [aya] = await pupils(1);
    const visit = await desk.run((unit) => checkIn(unit, { personId: aya!.id, location: 'Main Library' }));
    const { id } = await desk.run((unit) => startSession(unit, { equipmentId: pc.id, personId: aya!.id, minutes: 30 }));
    const extended = await race(hundred(() => (unit: Unit) => extendSession(unit, id)));
    expect(extended.won.map(({ extensions }) => extensions).toSorted()).toEqual([1, 2]);
    expect(codes(extended.lost)).toEqual(['EXTENSION_LIMIT']);
    const ended = await race(hundred((index) => async (unit: Unit) => void (index % 2 === 0 ? await endSession(unit, id) : await checkOutById(unit, visit.id))));
    expect(ended.won.length).toBeLessThanOrEqual(2);
    expect(activities('EQUIPMENT_USE').filter(({ duration }) => duration !== undefined)).toHaveLength(1);
    expect(activities('CHECK_OUT')).toHaveLength(1);
  }, LONG);

  it('[CIR1] one copy, one loan, and the others are told which', async () => {
    const book = await addBook(desk, 'A1');
    const people = await pupils(100);
    const { won, lost } = await race(people.map(({ id }) => (unit: Unit) => borrow(unit, { bookId: book.id, personId: id })));
    expect(won).toHaveLength(1);
    expect(codes(lost)).toEqual(['BOOK_ON_LOAN']);
    for (const refusal of lost) expect(refusal.details?.['loanId']).toBe(won[0]!.id);
  }, LONG);

  it('[CIR5] two copies are kept for two, and nobody stands twice in the queue', async () => {
    const book = await addBook(desk, 'A1');
    await addBook(desk, 'A2');
    const people = await pupils(50);
    const { won, lost } = await race([...people, ...people].map(({ id }) => (unit: Unit) => placeHold(unit, { bookId: book.id, personId: id })));
    expect(won).toHaveLength(50);
    expect(codes(lost)).toEqual(['ALREADY_ON_HOLD']);
    const kept = await desk.runner.db.selectFrom('holds').select('bookId').where('status', '=', 'READY').execute();
    expect(new Set(kept.map(({ bookId }) => bookId)).size).toBe(2);
    expect(kept).toHaveLength(2);
  }, LONG);

  it('[NOT2][NOT3] a cause is one notice with a count, and the first acknowledgement is one', async () => {
    const notice = { title: 'Fire door', message: 'It is open', priority: 'CRITICAL', category: 'SYSTEM', recipients: { roles: ['LIBRARIAN'] }, cause: 'DOOR', causeKey: 'door' } as const;
    const { won } = await race(hundred(() => (unit: Unit) => raiseNotice(unit, { ...notice, recipients: { roles: ['LIBRARIAN'] } })));
    expect(new Set(won.map(({ id }) => id)).size).toBe(1);
    expect(await desk.runner.db.selectFrom('notices').select('count').execute()).toEqual([{ count: 100 }]);
    const from = desk.events.length;
    await race(hundred(() => (unit: Unit) => acknowledge(unit, won[0]!.id, 'acknowledged')));
    expect(told(desk, 'notification', from)).toHaveLength(1);
  }, LONG);

  it('[AUTH4] a refresh token is traded once', async () => {
    const user = await desk.run((unit) => createUser(unit, { username: 'ana', password: PASSWORD, role: 'STAFF' }));
    const { refreshToken } = await desk.run(async (unit) => startLogin(unit, await userById(unit.db, user.id), { address: undefined, userAgent: undefined }));
    const { won } = await race(hundred(() => (unit: Unit) => rotateSession(unit, refreshToken)));
    expect(won.filter(({ kind }) => kind === 'rotated')).toHaveLength(1);
    expect(new Set(won.map(({ kind }) => kind))).toEqual(new Set(['rotated', 'reused']));
  }, LONG);

  it('[CIR5] a double click, a hundred times: one command, one answer', async () => {
    const book = await addBook(desk, 'A1');
    const [aya] = await pupils(1);
    const command = { account: 'user_ana', key: 'one-click', request: 'POST /api/holds' };
    const answers = await Promise.all(hundred(() => desk.runner.runOnce(ANA, command, async (unit) => ({ status: 201, body: await placeHold(unit, { bookId: book.id, personId: aya!.id }) }), () => undefined)));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  }, LONG);
});
