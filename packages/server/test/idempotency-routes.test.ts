import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config/config.ts';
import { appCaller, type AppCaller } from './app-caller.ts';
import { openSocket } from './app-socket.ts';

const login = { username: 'ana', password: 'correct horse battery' };
const folder = mkdtempSync(join(tmpdir(), 'clms-once-'));
let app: App;
let api: AppCaller;

beforeAll(async () => {
  const env = { CLMS_HTTP_PORT: '0', CLMS_WS_PORT: 'off', CLMS_DATABASE_URL: 'memory:', CLMS_DATA_DIR: folder, CLMS_TEST_CLOCK: 'on', CLMS_ADMIN_USERNAME: login.username, CLMS_ADMIN_PASSWORD: login.password };
  app = await startApp({ config: readConfig({ env }), log: pino({ level: 'silent' }), version: '0.0.0' });
  api = await appCaller(app.httpUrl, login);
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

const keyed = (key: string) => ({ 'idempotency-key': key });

it('Idempotency-Key: the clock of trials moves once, for those who ask at the same time too', async () => {
  const move = () => api.call('POST', '/api/test/clock', { advance: 'PT10M' }, keyed('move'));
  const answers = [...(await Promise.all([move(), move(), move()])), await move()];
  expect(new Set(answers.map(({ body }) => body.now)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
  expect((await api.call('POST', '/api/test/clock', { advance: 'PT20M' }, keyed('move'))).body).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
});

it('Idempotency-Key: who closes a connection is answered alike when the answer was lost', async () => {
  const socket = await openSocket(app, api.token);
  const { clientId } = socket.frames[0]!.data;
  const close = (headers = {}) => api.call('DELETE', `/api/websocket/connections/${clientId}`, undefined, headers);
  const [first, second] = [await close(keyed('close')), await close(keyed('close'))];
  expect([first.status, first.body, first.headers.get('idempotent-replayed')]).toEqual([200, { closed: true }, null]);
  expect([second.status, second.body, second.headers.get('idempotent-replayed')]).toEqual([200, { closed: true }, 'true']);
  expect((await close()).status).toBe(404);
});

it('Idempotency-Key: what failed is not kept', async () => {
  expect((await api.call('POST', '/api/test/clock', { advance: 'soon' }, keyed('again'))).status).toBe(400);
  expect((await api.call('POST', '/api/test/clock', { advance: 'PT1S' }, keyed('again'))).status).toBe(200);
});

it.each(['', 'x'.repeat(256)])('Idempotency-Key: a key of no or too many characters is refused, wherever it is sent', async (key) => {
  const publish = { target: { all: true }, type: 'hello_there', data: {} };
  for (const [path, body] of [['/api/realtime/publish', publish], ['/api/test/clock', { advance: 'PT1S' }], ['/api/chat/staff/messages', { text: 'x', clientMessageId: 'x' }]] as const) {
    expect([path, (await api.call('POST', path, body, keyed(key))).status]).toEqual([path, 400]);
  }
});
