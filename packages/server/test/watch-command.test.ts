import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startApp, type App } from '../src/app.ts';
import { createProgram } from '../src/cli/all-commands.ts';
import { runProgram } from '../src/cli/program.ts';
import { announceServer, withdrawServer } from '../src/cli/running-server.ts';
import { readConfig } from '../src/config/config.ts';
import { appCaller } from './app-caller.ts';

const login = { username: 'ana', password: 'correct horse battery' };
let folder: string;
let app: App;
let interrupt: AbortController;
let out: PassThrough;
let err: PassThrough;

async function start(): Promise<void> {
  const env = { CLMS_HTTP_PORT: '0', CLMS_WS_PORT: 'off', CLMS_DATA_DIR: folder, CLMS_ADMIN_USERNAME: login.username, CLMS_ADMIN_PASSWORD: login.password };
  app = await startApp({ config: readConfig({ env }), log: pino({ level: 'silent' }), version: '0.0.0' });
  announceServer(folder, { pid: process.pid, httpUrl: app.httpUrl, wsUrl: app.wsUrl });
}

async function stop(): Promise<void> {
  withdrawServer(folder);
  await app.close();
}

function watch(args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  const context = { env: { CLMS_DATA_DIR: folder, ...env }, stdin: Readable.from([]), stdout: out, stderr: err, version: '0.0.0', interrupted: interrupt.signal, allRoutes: async () => [] };
  return runProgram(createProgram(context), ['watch', ...args], context);
}

const printed = new Map<PassThrough, string>();

/** The next line that was printed. */
async function line(stream: PassThrough): Promise<string> {
  for (;;) {
    const text = printed.get(stream) ?? '';
    const end = text.indexOf('\n');
    if (end >= 0) {
      printed.set(stream, text.slice(end + 1));
      return text.slice(0, end);
    }
    const chunk: unknown = stream.read();
    if (chunk === null) await new Promise<void>((resolve) => void stream.once('readable', resolve));
    else printed.set(stream, text + String(chunk));
  }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clms-watch-'));
  interrupt = new AbortController();
  out = new PassThrough();
  err = new PassThrough();
  await start();
});
afterEach(async () => {
  interrupt.abort();
  await stop();
  rmSync(folder, { recursive: true });
});

const say = async (category: string, message: string) => (await appCaller(app.httpUrl, login)).call('POST', '/api/realtime/publish', { target: { topic: 'system' }, type: 'system_update', data: { category, message } });

it('clms watch shows what passes its filters, goes on where it was when the server comes back, and ends with 0 at Ctrl-C', async () => {
  const ended = watch(['system', '--filter', 'category=status,import', '--json', '--snapshot']);
  expect(JSON.parse(await line(out))).toMatchObject({ type: 'subscribed' });
  await say('MAINTENANCE', 'not asked for');
  await say('STATUS', 'before');
  expect(JSON.parse(await line(out))).toMatchObject({ topic: 'system', data: { message: 'before' } });
  await stop();
  expect(await line(err)).toBe('The connection was lost; trying again until Ctrl-C.');
  await start();
  await say('IMPORT', 'after');
  expect(JSON.parse(await line(out))).toMatchObject({ topic: 'system', data: { message: 'after' } });
  interrupt.abort();
  expect(await ended).toBe(0);
});

it('clms watch says why it is not let in, once', async () => {
  expect(await watch(['system'], { CLMS_TOKEN: 'not.a.token' })).toBe(1);
  expect(await line(err)).toMatch(/^The credential was not accepted/);
  expect(await watch(['system'], { CLMS_TOKEN: 'no token at all' })).toBe(1);
  expect(await line(err)).toMatch(/^Sign in first/);
});

it('clms watch that waits for a server ends with 0 at Ctrl-C as well', async () => {
  const ended = watch(['system', '--json', '--snapshot']);
  await line(out);
  await stop();
  await line(err);
  interrupt.abort();
  expect(await ended).toBe(0);
  await start();
});
