import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SYSTEM } from '../src/domain/actor.ts';
import { checkIn } from '../src/domain/attendance.ts';
import { createPerson } from '../src/domain/people.ts';
import { Refusal } from '../src/domain/refusal.ts';
import { appendToOutbox, outboxOf } from '../src/store/outbox.ts';
import { isUniqueViolation, openStore, type Store } from '../src/store/open-store.ts';
import { SHAPES } from '../src/store/schema.ts';
import { openDesk } from './desk.ts';
import { postgresFolder, startPostgres, type PostgresServer } from './postgres-server.ts';

const AT = '2025-10-14T02:30:00.000Z';
const binaries = postgresFolder();
// What a machine lacks may be left out at home, and fails where everything must run.
if (!binaries && process.env['CI']) throw new Error('Postgres is not installed (Debian: apt-get install postgresql).');

let postgres: PostgresServer | undefined;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clms-store-'));
  if (binaries) postgres = await startPostgres(binaries);
}, 60_000);
afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const KINDS = [
  { kind: 'SQLite in memory', url: async () => 'memory:' },
  { kind: 'a SQLite file', url: async () => `file:${join(folder, 'contract.db')}` },
  ...(binaries ? [{ kind: 'Postgres', url: async () => postgres!.url }] : []),
];

describe.each(KINDS)('the store on $kind', ({ url }) => {
  let store: Store;
  beforeEach(async () => {
    store = await openStore(await url());
    for (const table of Object.keys(SHAPES)) await sql`delete from ${sql.table(table)}`.execute(store.db);
  });
  afterEach(() => store.close());

  it('has every table with every column', async () => {
    for (const [table, shape] of Object.entries(SHAPES)) {
      const { rows } = await sql`select ${sql.join(Object.keys(shape).map((column) => sql.ref(column)))} from ${sql.table(table)}`.execute(store.db);
      expect(rows).toEqual([]);
    }
  });

  it('opens an existing database without touching it', async () => {
    await store.db.insertInto('jobMarks').values({ key: 'kept', at: AT }).execute();
    const again = store.kind === 'sqlite' && !store.file ? undefined : await openStore(await url());
    expect(await (again ?? store).db.selectFrom('jobMarks').select('key').execute()).toEqual([{ key: 'kept' }]);
    await again?.close();
  });

  it('keeps all of a transaction or none of it', async () => {
    const failing = store.transaction(async (tx) => {
      await tx.insertInto('jobMarks').values({ key: 'half', at: AT }).execute();
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await store.db.selectFrom('jobMarks').selectAll().execute()).toEqual([]);
  });

  it('tells a broken unique index from other errors', async () => {
    const insert = () => store.db.insertInto('jobMarks').values({ key: 'twice', at: AT }).execute();
    await insert();
    const error: unknown = await insert().catch((caught: unknown) => caught);
    expect(isUniqueViolation(error)).toBe(true);
    const other: unknown = await sql`select nothing from nowhere`.execute(store.db).catch((caught: unknown) => caught);
    expect(isUniqueViolation(other)).toBe(false);
  });

  it('gives numbers as numbers and text as text', async () => {
    await store.db.insertInto('topicPositions').values({ topic: '007', epoch: '0e0', pruned: 9_007_199_254_740_991 }).execute();
    expect(await store.db.selectFrom('topicPositions').selectAll().execute()).toEqual([{ topic: '007', epoch: '0e0', pruned: 9_007_199_254_740_991 }]);
  });

  it('[ORD2] keeps the outbox in order of commit and each event once', async () => {
    const event = (n: number) => ({ id: `msg_${n}`, topic: 'system', type: 'system_update', timestamp: AT, data: { n } });
    await Promise.all([1, 2, 3, 4, 5].map((n) => store.transaction((tx) => appendToOutbox(tx, store.kind, [event(n), event(n + 10)]))));
    await store.transaction((tx) => appendToOutbox(tx, store.kind, [event(3)]));
    const rows = await outboxOf(store.db).after(0, 100);
    expect(rows).toHaveLength(10);
    expect(rows.map((row) => row.seq)).toEqual(rows.map((row) => row.seq).toSorted((a, b) => a - b));
    // The two events of one transaction stand together.
    for (let index = 0; index < rows.length; index += 2) expect((rows[index + 1]!.event.data as { n: number }).n).toBe((rows[index]!.event.data as { n: number }).n + 10);
  });

  it('[ATT1] lets one of a hundred simultaneous check-ins win', async () => {
    await store.close();
    const desk = await openDesk({ url: await url() });
    const person = await desk.run((unit) => createPerson(unit, { schoolId: '2024', surname: 'Cruz', givenName: 'Aya', gradeLevel: '9' }));
    const tries = await Promise.allSettled(Array.from({ length: 100 }, () => desk.run((unit) => checkIn(unit, { personId: person.id, location: 'Main Library' }), SYSTEM)));
    const lost = tries.filter((one) => one.status === 'rejected').map((one) => one.reason as Refusal);
    expect(lost).toHaveLength(99);
    expect(new Set(lost.map((refusal) => refusal.code))).toEqual(new Set(['ALREADY_INSIDE']));
    expect(await desk.runner.db.selectFrom('visits').select('id').where('checkedOutAt', 'is', null).execute()).toHaveLength(1);
    await desk.close();
    store = await openStore('memory:');
  });
});

describe.skipIf(!binaries)('the store on Postgres', () => {
  it('outlives the end of its connections: a restarted Postgres is used again, and the process goes on', async () => {
    const [store, other] = [await openStore(postgres!.url), await openStore(postgres!.url)];
    await Promise.all([1, 2, 3].map(() => store.usable())); // connections that now rest in the pool
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()`.execute(other.db);
    // A query may meet a connection of which nobody has heard yet that it is gone.
    let tries = 1;
    while (!(await store.usable())) expect(++tries).toBeLessThan(20);
    await store.transaction((tx) => sql`select 1`.execute(tx));
    await store.close();
    await other.close();
  });
});
