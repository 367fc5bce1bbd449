import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config/config.ts';
import { appCaller, type AppCaller } from './app-caller.ts';
import { openSocket } from './app-socket.ts';
import { postgresFolder, startPostgres } from './postgres-server.ts';
import { hasRedis, startRedis } from './redis-server.ts';

const binaries = postgresFolder();
const missing = !binaries || !hasRedis;
if (missing && process.env['CI']) throw new Error('Postgres and redis-server must be installed');
const LONG = 90_000;
const ADMIN = { username: 'ana', password: 'correct horse battery' };

describe.skipIf(missing)('two nodes on one Postgres and one Redis', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clms-nodes-'));
  const stops: (() => Promise<void>)[] = [];
  const apps: App[] = [];
  const nodes: AppCaller[] = [];
  beforeAll(async () => {
    const [postgres, redis] = await Promise.all([startPostgres(binaries!), startRedis()]);
    stops.push(postgres.stop, redis.stop);
    const env = {
      CLMS_HTTP_PORT: '0', CLMS_WS_PORT: 'off', CLMS_DATABASE_URL: postgres.url, CLMS_REDIS_URL: redis.url, CLMS_DATA_DIR: folder, CLMS_JWT_SECRET: 'a secret of more than thirty-two bytes',
      CLMS_ADMIN_USERNAME: ADMIN.username, CLMS_ADMIN_PASSWORD: ADMIN.password, CLMS_TIMEZONE: 'Asia/Manila',
    };
    for (let node = 0; node < 2; node++) {
      const app = await startApp({ config: readConfig({ env }), log: pino({ level: 'silent' }), version: '0.0.0' });
      apps.push(app);
      nodes.push(await appCaller(app.httpUrl, ADMIN));
    }
    const settings = await nodes[0]!.call('PATCH', '/api/settings', { locations: [{ name: 'Main Library', capacity: 60 }, { name: 'AVR Room', capacity: 3 }] });
    expect(settings.status).toBe(200);
    // Outside of opening hours nothing is bounded by a closing that this test might meet.
    const closed = { openingHours: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] } };
    expect((await nodes[1]!.call('PATCH', '/api/calendar', closed)).status).toBe(200);
    expect((await nodes[0]!.call('PATCH', '/api/policies', { loans: { mode: 'Days' } })).status).toBe(200);
  }, LONG);
  afterAll(async () => {
    for (const app of apps) await app.close();
    for (const stop of stops) await stop();
    rmSync(folder, { recursive: true });
  }, LONG);

  const call = (index: number, path: string, body: unknown, headers?: Record<string, string>) => nodes[index % 2]!.call('POST', path, body, headers);
  let lastNumber = 0;
  const people = (count: number) =>
    Promise.all(Array.from({ length: count }, async (_, index) => (await call(index, '/api/students', { schoolId: `2024${++lastNumber}`, surname: 'Cruz', givenName: `Pupil ${lastNumber}`, gradeLevel: '9' })).body.id as string));
  const tally = (answers: readonly { status: number; body: any }[]) => Object.fromEntries([...Map.groupBy(answers, ({ status, body }) => (status < 300 ? 'done' : String(body.code)))].map(([code, list]) => [code, list.length]));
  const at = <T>(count: number, of: (index: number) => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: count }, (_, index) => of(index)));

  it('[ATT1][ORD2] of a hundred check-ins of one person one counts, and each node tells it once', async () => {
    const [aya] = await people(1);
    const sockets = await Promise.all(apps.map((app, index) => openSocket(app, nodes[index]!.token)));
    for (const socket of sockets) await socket.ask('subscribe', { topic: 'activities', filters: { studentId: aya } });
    expect(tally(await at(100, (index) => call(index, '/api/visits', { studentId: aya, location: 'Main Library' })))).toEqual({ done: 1, ALREADY_INSIDE: 99 });
    const told = await Promise.all(sockets.map((socket) => socket.next('activity_update')));
    expect(told[0]!.data).toEqual(told[1]!.data);
    const visit = (await nodes[0]!.call('GET', `/api/visits?open=true&studentId=${aya}`)).body.items[0];
    expect(tally(await at(20, (index) => call(index, `/api/visits/${visit.id}/checkout`, undefined)))).toEqual({ done: 1, ALREADY_CHECKED_OUT: 19 });
    const out = await Promise.all(sockets.map((socket) => socket.next('activity_update')));
    expect(out.map(({ data }) => data.activityType)).toEqual(['CHECK_OUT', 'CHECK_OUT']);
    expect(sockets.map((socket) => socket.frames.filter(({ type }) => type === 'activity_update').length)).toEqual([2, 2]);
    for (const socket of sockets) socket.close();
  }, LONG);

  it('[ATT3] the last free place holds one', async () => {
    const [first, second, ...rest] = await people(42);
    for (const studentId of [first, second]) expect((await call(0, '/api/visits', { studentId, location: 'AVR Room' })).status).toBe(201);
    expect(tally(await Promise.all(rest.map((studentId, index) => call(index, '/api/visits', { studentId, location: 'AVR Room' }))))).toEqual({ done: 1, LOCATION_FULL: 39 });
  }, LONG);

  it('[EQP1][CIR1] seats and copies have one winner each, whom the others are told', async () => {
    const studentIds = await people(40);
    const pc = (await call(0, '/api/equipment', { name: 'PC 1', type: 'COMPUTER', location: 'Main Library' })).body;
    const sessions = await Promise.all(studentIds.map((studentId, index) => call(index, `/api/equipment/${pc.id}/sessions`, { studentId })));
    expect(tally(sessions)).toEqual({ done: 1, SEAT_TAKEN: 39 });
    const winner = sessions.find(({ status }) => status === 201)!.body.id;
    for (const { status, body } of sessions) if (status === 409) expect(body.details.sessionId).toBe(winner);

    const book = (await call(1, '/api/books', { barcode: 'A1', title: 'Noli Me Tangere', collectionCode: 'FIC' })).body;
    const loans = await Promise.all(studentIds.map((studentId, index) => call(index, '/api/loans', { bookId: book.id, studentId })));
    expect(tally(loans)).toEqual({ done: 1, BOOK_ON_LOAN: 39 });
    const loan = loans.find(({ status }) => status === 201)!.body;
    for (const { status, body } of loans) if (status === 409) expect(body.details.loanId).toBe(loan.id);

    const holders = studentIds.filter((id) => id !== loan.studentId);
    const holds = await Promise.all(holders.flatMap((studentId, index) => [0, 1].map((node) => call(node, '/api/holds', { bookId: book.id, studentId }, { 'idempotency-key': `hold-${index}` }))));
    expect(tally(holds)).toEqual({ done: 78 });
    expect(new Set(holds.map(({ body }) => body.id)).size).toBe(39);
  }, LONG);

  it('[PPL3] whoever is deactivated meanwhile waits for nothing afterwards', async () => {
    const leaving = await people(12);
    const book = (await call(0, '/api/books', { barcode: 'A2', title: 'El Filibusterismo', collectionCode: 'FIC' })).body;
    await call(0, '/api/equipment', { name: 'Console 1', type: 'GAMING_CONSOLE', location: 'Main Library' });
    await Promise.all(leaving.flatMap((studentId, index) => [
      nodes[index % 2]!.call('PATCH', `/api/students/${studentId}`, { active: false }),
      call(index + 1, '/api/holds', { bookId: book.id, studentId }),
      call(index + 1, '/api/equipment/queue', { type: 'GAMING_CONSOLE', studentId }),
    ]));
    const holds = (await nodes[0]!.call('GET', '/api/holds?limit=500')).body.items;
    expect(holds.filter(({ titleId, status }: { titleId: string; status: string }) => titleId === book.titleId && status !== 'CANCELLED')).toEqual([]);
    expect((await nodes[1]!.call('GET', '/api/equipment/queue?type=GAMING_CONSOLE')).body.items).toEqual([]);
    expect((await nodes[0]!.call('GET', `/api/books/${book.id}`)).body.status).toBe('AVAILABLE');
  }, LONG);

  it('[NOT3] what happens again while it is acknowledged is told anew', async () => {
    const notice = { title: 'Printer', message: 'Paper is out', priority: 'LOW', category: 'EQUIPMENT', recipients: { roles: ['ADMIN'] } };
    const { id } = (await call(0, '/api/notifications', notice)).body;
    const answers = await at(24, (index) => (index % 4 === 0 ? call(index / 4, `/api/notifications/${id}/ack`, {}) : call(index, '/api/notifications', notice)));
    const raised = answers.filter((_, index) => index % 4 !== 0);
    expect(raised.filter(({ status, body }) => status !== 201 || body.acknowledgedBy !== undefined)).toEqual([]);
  }, LONG);
});
