import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config/config.ts';
import { appCaller } from './app-caller.ts';
import { openSocket } from './app-socket.ts';

const ADMIN = { username: 'ana', password: 'correct horse battery' };
const folder = mkdtempSync(join(tmpdir(), 'clms-chat-'));
let app: App;

beforeAll(async () => {
  const env = { CLMS_HTTP_PORT: '0', CLMS_WS_PORT: 'off', CLMS_DATABASE_URL: 'memory:', CLMS_DATA_DIR: folder, CLMS_RATE_LIMIT: 'off', CLMS_ADMIN_USERNAME: ADMIN.username, CLMS_ADMIN_PASSWORD: ADMIN.password };
  app = await startApp({ config: readConfig({ env }), log: pino({ level: 'silent' }), version: '0.0.0' });
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

it('[ENV3] [SUB2] what is said while the sender subscribes anew is answered, once', async () => {
  const socket = await openSocket(app, (await appCaller(app.httpUrl, ADMIN)).token);
  let position = (await socket.ask('subscribe', { topic: 'chat' })).data;
  for (let round = 0; round < 30; round++) {
    const say = (name: string) => socket.ask('chat', { room: 'staff', text: name, clientMessageId: `${name}-${round}` });
    // With a snapshot, from the last position, and with other filters, in turn.
    const again = { topic: 'chat', ...(round % 3 === 1 && { since: { epoch: position.epoch, offset: position.offset } }), ...(round % 3 === 2 && { filters: { room: 'staff' } }) };
    const answers = await Promise.all([say('before'), socket.ask('subscribe', again), say('after')]);
    expect(answers.map(({ type, data }) => [type, data.clientMessageId])).toEqual([['chat_message', `before-${round}`], ['subscribed', undefined], ['chat_message', `after-${round}`]]);
    position = answers[1].data;
  }
  const answered = socket.frames.filter(({ type, replyTo }) => type === 'chat_message' && replyTo !== undefined);
  expect(answered).toHaveLength(60);
  socket.close();
});
