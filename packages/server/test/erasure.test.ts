import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config/config.ts';
import { appCaller, type AppCaller } from './app-caller.ts';
import { openSocket } from './app-socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'clms-erasure-'));
const ADMIN = { username: 'ana', password: 'correct horse battery' };
const env = { CLMS_HTTP_PORT: '0', CLMS_WS_PORT: 'off', CLMS_DATABASE_URL: `file:${join(folder, 'clms.db')}`, CLMS_DATA_DIR: folder, CLMS_ADMIN_USERNAME: ADMIN.username, CLMS_ADMIN_PASSWORD: ADMIN.password };
const start = () => startApp({ config: readConfig({ env }), log: pino({ level: 'silent' }), version: '0.0.0' });
let app: App;
let ana: AppCaller;
beforeAll(async () => {
  app = await start();
  ana = await appCaller(app.httpUrl, ADMIN);
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

it('[PRV2] after an erasure nobody gets the name any more: not by resuming, not by a snapshot, not after a restart', async () => {
  const person = (await ana.call('POST', '/api/students', { schoolId: '777', surname: 'Zagorsky', givenName: 'Wilhelmina', gradeLevel: '9' })).body;
  const watching = await openSocket(app, ana.token);
  const first = await watching.ask('subscribe', { topic: 'activities' });
  expect((await ana.call('POST', '/api/visits', { studentId: person.id, location: 'Main Library' })).status).toBe(201);
  expect(JSON.stringify(await watching.next('activity_update'))).toContain('Zagorsky, Wilhelmina');

  expect((await ana.call('POST', `/api/students/${person.id}/erase`, { reason: 'asked for' })).status).toBe(200);
  const told = [await watching.next('activity_update'), await watching.next('activity_update')];
  expect(told.map(({ data }) => data.activityType).toSorted()).toEqual(['CHECK_IN', 'CHECK_OUT']);
  expect(JSON.stringify(told)).not.toMatch(/Zagorsky|Wilhelmina|studentName/);
  watching.close();

  const resume = async () => {
    const late = await openSocket(app, ana.token);
    const answer = await late.ask('subscribe', { topic: 'activities', since: { epoch: first.data.epoch, offset: first.data.offset } });
    late.close();
    return answer.data;
  };
  const resumed = await resume();
  expect(resumed.recovered).toBe(false);
  expect(JSON.stringify(resumed)).not.toMatch(/Zagorsky|Wilhelmina/);

  await app.close();
  app = await start();
  ana = await appCaller(app.httpUrl, ADMIN);
  const restarted = await openSocket(app, ana.token);
  const { data } = await restarted.ask('subscribe', { topic: 'activities', since: { epoch: first.data.epoch, offset: first.data.offset } });
  expect(data).toMatchObject({ recovered: true, epoch: first.data.epoch });
  await restarted.next('position');
  expect(JSON.stringify(restarted.frames)).not.toMatch(/Zagorsky|Wilhelmina/);
  restarted.close();
});

it('[PRV2] after an erasure the files of the database hold neither name nor card, not in a free page and not in the log', async () => {
  const words = /Featherstonehaugh|Persephone|FEA-?4711|card-?0815/i;
  const person = (await ana.call('POST', '/api/students', { schoolId: 'FEA4711', barcode: 'CARD0815', surname: 'Featherstonehaugh', givenName: 'Persephone', gradeLevel: '9' })).body;
  for (const barcode of ['CARD0815', 'FEA4711', 'fea4711FEA4711']) expect((await ana.call('POST', '/api/scans', { barcode, station: 'door' })).status).toBe(200);
  expect((await ana.call('POST', `/api/students/${person.id}/erase`, { reason: 'asked for' })).status).toBe(200);
  const { items } = (await ana.call('GET', '/api/scans/exceptions')).body;
  expect(JSON.stringify(items)).not.toMatch(words);
  const held = () => readdirSync(folder).filter((file) => file.startsWith('clms.db') && words.test(readFileSync(join(folder, file), 'latin1')));
  await expect.poll(held, { timeout: 10_000 }).toEqual([]);
});
