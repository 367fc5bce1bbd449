import pino from 'pino';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'clms-publish-'));
let app: App;
let token: string;

beforeAll(async () => {
  const env = { CLMS_HTTP_PORT: '0', CLMS_WS_PORT: 'off', CLMS_DATABASE_URL: 'memory:', CLMS_DATA_DIR: folder, CLMS_ADMIN_USERNAME: 'ana', CLMS_ADMIN_PASSWORD: 'correct horse battery' };
  app = await startApp({ config: readConfig({ env }), log: pino({ level: 'silent' }), version: '0.0.0' });
  token = (await call('POST', '/api/auth/login', { username: 'ana', password: 'correct horse battery' })).accessToken;
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

async function call(method: string, path: string, body?: unknown): Promise<any> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  return (await fetch(`${app.httpUrl}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) })).json();
}
const poll = (wanted: object): Promise<any> => call('GET', `/api/realtime/poll?timeout=0&subscribe=${encodeURIComponent(JSON.stringify([wanted]))}`);
const figures = (metrics: object) => call('POST', '/api/realtime/publish', { target: { topic: 'dashboard' }, type: 'dashboard_update', data: { metrics } });

it('[TOP1] figures from outside reach those who follow one of them, and these alone', async () => {
  const { epoch, offset } = await figures({ totalStudents: 1 });
  await figures({ totalStudents: 2 });
  await figures({ totalStudents: 3, overdueItems: 4 });
  const { messages } = await poll({ topic: 'dashboard', filters: { metrics: 'overdueItems' }, since: { epoch, offset } });
  expect(messages.filter(({ type }: { type: string }) => type === 'dashboard_update').map(({ data }: any) => data.metrics)).toEqual([{ overdueItems: 4 }]);
});

it('a role that there is not is what a refused target is told about', async () => {
  expect((await call('POST', '/api/realtime/publish', { target: { role: 'WIZARD' }, type: 'hello_there', data: {} })).detail).toBe('The request is not valid: body.target.role must be one of ADMIN, LIBRARIAN, STAFF, KIOSK, DISPLAY.');
});

it('a server without a port for WebSockets alone names the one where they are', async () => {
  expect((await call('GET', '/health')).websocket).toMatchObject({ enabled: true, path: '/ws', port: Number(new URL(app.httpUrl).port) });
});

it('[ENV3] ids of events that came in one request sort as text in the order of the events', async () => {
  const bodies = Array.from({ length: 50 }, (_, n) => ({ target: { all: true }, type: 'numbered', data: { n } }));
  const [first] = await call('POST', '/api/realtime/publish', bodies);
  const { messages } = await poll({ topic: 'inbox', since: { epoch: first.epoch, offset: first.offset - 1 } });
  const events = messages.filter(({ type }: { type: string }) => type === 'numbered');
  expect(events).toHaveLength(50);
  const byId = events.toSorted((a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1));
  expect(byId.map(({ data }: any) => data.n)).toEqual(bodies.map(({ data }) => data.n));
});
