import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config/config.ts';
import { appCaller, type AppCaller } from './app-caller.ts';
import { openSocket } from './app-socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'clms-live-'));
const PASSWORD = 'correct horse battery';
let app: App;
let ana: AppCaller;
let ben: AppCaller;
beforeAll(async () => {
  const env = { CLMS_HTTP_PORT: '0', CLMS_WS_PORT: 'off', CLMS_DATABASE_URL: 'memory:', CLMS_DATA_DIR: folder, CLMS_ADMIN_USERNAME: 'ana', CLMS_ADMIN_PASSWORD: PASSWORD, CLMS_TEST_CLOCK: 'on' };
  app = await startApp({ config: readConfig({ env }), log: pino({ level: 'silent' }), version: '0.0.0' });
  ana = await appCaller(app.httpUrl, { username: 'ana', password: PASSWORD });
  await ana.call('POST', '/api/users', { username: 'ben', password: PASSWORD, role: 'STAFF', displayName: 'Ben' });
  ben = await appCaller(app.httpUrl, { username: 'ben', password: PASSWORD });
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

it('[CHT2] who is there, where, and what they edit is shown to the others', async () => {
  const watching = await openSocket(app, ana.token);
  await watching.ask('subscribe', { topic: 'chat' });
  const working = await openSocket(app, ben.token);
  const about = (matches: (data: any) => boolean) => watching.next('presence_update', ({ data }) => data.username === 'ben' && matches(data));
  await about(({ state }) => state === 'active');
  working.send('presence', { state: 'active', page: '/equipment', editing: 'PC 3' });
  expect((await about(({ editing }) => editing === 'PC 3')).data).toMatchObject({ state: 'active', page: '/equipment', editing: 'PC 3' });

  const late = await openSocket(app, ana.token);
  const { data } = await late.ask('subscribe', { topic: 'chat' });
  expect(data.snapshot.presence).toEqual(expect.arrayContaining([expect.objectContaining({ username: 'ben', page: '/equipment', editing: 'PC 3' })]));
  const counts = data.snapshot.presence.filter(({ username }: { username: string }) => username === 'ana');
  expect(counts, 'two tabs are one person').toHaveLength(1);

  working.send('presence', { state: 'away' });
  expect((await about(({ state }) => state === 'away')).data.editing).toBeUndefined();
  for (const socket of [watching, working, late]) socket.close();
});

it('[DSH2] a rush is told to everybody of the staff once, and again when it comes back', async () => {
  expect((await ana.call('PATCH', '/api/settings', { locations: [{ name: 'Main Library', capacity: 10 }] })).status).toBe(200);
  const sockets = await Promise.all([ana, ben].map(({ token }) => openSocket(app, token)));
  const alerts = () => sockets.map(({ frames }) => frames.filter(({ type }) => type === 'staff_alert').length);
  let number = 0;
  const enter = async (count: number): Promise<string[]> => {
    const visits: string[] = [];
    for (let one = 0; one < count; one++) {
      const { body: person } = await ana.call('POST', '/api/students', { schoolId: `2024${++number}`, surname: 'Cruz', givenName: 'Aya' });
      visits.push((await ana.call('POST', '/api/visits', { studentId: person.id, location: 'Main Library' })).body.id);
    }
    return visits;
  };
  const visits = await enter(9);
  const told = await Promise.all(sockets.map((socket) => socket.next('staff_alert')));
  for (const { data } of told) expect(data.message).toBe('Peak usage: 9 of 10 places are taken');
  await enter(1);
  for (const id of visits.slice(0, 5)) expect((await ben.call('POST', `/api/visits/${id}/checkout`)).status).toBe(200);
  // What is due is done by then: a dip that is shorter than a look at it would be none.
  await ana.call('POST', '/api/test/clock', { advance: 'PT1S' });
  await enter(4);
  await Promise.all(sockets.map((socket) => socket.next('staff_alert')));
  expect(alerts()).toEqual([2, 2]);
  for (const socket of sockets) socket.close();
});
