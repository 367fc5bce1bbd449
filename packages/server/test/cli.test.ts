import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import Type from 'typebox';
import type { CommandContext } from '../src/cli/command-context.ts';
import { createProgram } from '../src/cli/all-commands.ts';
import { runProgram } from '../src/cli/program.ts';
import { announceServer } from '../src/cli/running-server.ts';
import { ADMIN, query } from '../src/http/route.ts';
import { openSchoolServer, SECRET } from './school-server.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'clms-cli-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function clms(args: string[], more: { env?: Record<string, string>; input?: string } = {}): Promise<{ code: number; out: string; err: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const context: CommandContext = {
    env: { CLMS_DATA_DIR: folder, ...more.env }, stdin: Readable.from([more.input ?? '']), stdout, stderr, version: '1.2.3', interrupted: new AbortController().signal,
    allRoutes: async () => [query({ method: 'GET', path: '/api/things', access: ADMIN, tag: 'Things', summary: 'Things.', answer: Type.Object({}), handle: async () => ({}) })],
  };
  const code = await runProgram(createProgram(context), args, context);
  return { code, out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') };
}

describe('commands beside the database', () => {
  it('add, list, disable and reset accounts', async () => {
    expect(await clms(['user', 'add', 'ana', '--role', 'admin'], { input: 'correct horse battery\n' })).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Added ana (ADMIN, user_') });
    expect((await clms(['user', 'add', 'ben', '--role', 'STAFF', '--password', 'correct horse battery'])).code).toBe(0);
    expect((await clms(['user', 'disable', 'BEN'])).code).toBe(0);
    expect((await clms(['user', 'reset-password', 'ben', '--password', 'another long one'])).code).toBe(0);
    const users = JSON.parse((await clms(['user', 'list', '--json'])).out) as { username: string; active: boolean }[];
    expect(users.map(({ username, active }) => [username, active])).toEqual([['ana', true], ['ben', false]]);
  });

  it('answer 1 and the reason when the server’s rules refuse', async () => {
    await clms(['user', 'add', 'ana', '--role', 'ADMIN', '--password', 'correct horse battery']);
    expect(await clms(['user', 'disable', 'ana'])).toEqual({ code: 1, out: '', err: 'This is the last active administrator. Make another one first.\n' });
    expect(await clms(['user', 'add', 'cy', '--role', 'STAFF', '--password', 'short'])).toMatchObject({ code: 1, err: expect.stringMatching(/^The request is not valid: body\.password [^\n;]*\n$/) });
  });

  it('make keys and pairing codes', async () => {
    const key = await clms(['key', 'add', 'cron', '--scope', 'publish,metrics']);
    expect(key.out).toMatch(/^clmsk_/);
    expect((await clms(['key', 'list'])).out).toMatch(/cron +publish metrics/);
    expect((await clms(['device', 'pair', 'Door', '--station', 'door'])).out).toMatch(/^Pairing code: [A-Z2-9]{4}-[A-Z2-9]{4}\n/);
    const [device] = JSON.parse((await clms(['device', 'list', '--json'])).out) as { id: string }[];
    expect((await clms(['device', 'revoke', device!.id])).code).toBe(0);
    expect((await clms(['device', 'list'])).out).toContain('REVOKED');
  });

  it('print the API’s description', async () => {
    expect(JSON.parse((await clms(['openapi'])).out)).toMatchObject({ openapi: '3.1.0', paths: { '/api/things': {} } });
    expect(JSON.parse((await clms(['asyncapi'])).out)).toMatchObject({ asyncapi: '3.0.0' });
  });

  it('examine the folder and the database', async () => {
    await clms(['user', 'list']);
    const doctor = await clms(['doctor'], { env: { CLMS_HTTP_PORT: '0', CLMS_WS_PORT: 'off' } });
    expect(doctor).toMatchObject({ code: 0, err: '' });
    expect(doctor.out).toMatch(/✓ Database: .*clms\.db is whole/);
    expect(doctor.out).toContain('✓ Secrets: jwt-secret is readable by its owner alone');
  });

  it.each([['user', 'list'], ['import', 'list.csv', '--kind', 'students'], ['backup']])('blame the setting for a database that is none, in one line: %s', async (...args) => {
    writeFileSync(join(folder, 'notes.txt'), 'no database at all, but longer than the header of one would be: a hundred bytes and some more of plain words');
    writeFileSync('list.csv' === args[1] ? join(folder, 'list.csv') : join(folder, 'other.csv'), 'a\n');
    const { code, out, err } = await clms(args.map((arg) => (arg === 'list.csv' ? join(folder, arg) : arg)), { env: { CLMS_DATABASE_URL: `file:${join(folder, 'notes.txt')}` } });
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/^[^\n]*notes\.txt[^\n]*not a database[^\n]*\n$/);
  });

  it('name the port that is taken, and the variable that moves it', async () => {
    const school = await openSchoolServer();
    try {
      const address = await school.app.listen({ host: '127.0.0.1', port: 0 });
      const port = new URL(address).port;
      const doctor = await clms(['doctor'], { env: { CLMS_HTTP_PORT: port, CLMS_WS_PORT: 'off' } });
      expect(doctor.code).toBe(1);
      expect(doctor.out).toContain(`✗ Port: ${port} cannot be used (EADDRINUSE); set CLMS_HTTP_PORT to another`);
    } finally {
      await school.close();
    }
  });
});

describe('the command line', () => {
  it.each([
    [['user', 'add', 'ana'], /required option '--role <role>'/],
    [['user', 'add', 'ana', '--role', 'TEACHER'], /Allowed: ADMIN, LIBRARIAN, STAFF\./],
    [['device', 'pair', 'Wall', '--role', 'staff'], /Allowed: KIOSK, DISPLAY\./],
    [['key', 'add', 'cron', '--scope', 'publish,write'], /Allowed: publish, metrics, read\./],
    [['publish', 'hello', '--role', 'teacher', '--data', '{}'], /Allowed: ADMIN, LIBRARIAN, STAFF, KIOSK, DISPLAY\./],
    [['nonsense'], /There is no command "nonsense"/],
    [['publish', 'hello', '--data', '{}'], /Name one target/],
    [['publish', 'hello', '--all', '--data', '{'], /--data must be a JSON object/],
    [['watch', 'activities', '--filter', 'location'], /write key=value/],
  ])('answers 2 to %j', async (args, message) => {
    const { code, err } = await clms(args);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });

  it('answers 2 to a configuration that cannot be', async () => {
    expect(await clms(['user', 'list'], { env: { CLMS_HTTP_PORT: 'x' } })).toEqual({ code: 2, out: '', err: 'CLMS_HTTP_PORT is "x"; allowed: a whole number from 0 to 65535.\n' });
  });

  it('shows help and version with 0', async () => {
    expect(await clms(['--version'])).toEqual({ code: 0, out: '1.2.3\n', err: '' });
    expect((await clms(['user', '--help'])).out).toContain('reset-password');
  });

  it('says that a server is needed where one is', async () => {
    expect(await clms(['status'])).toMatchObject({ code: 1, err: expect.stringContaining('No server of') });
  });
});

describe('commands beside a running server', () => {
  it('go through it, so that it ends the sessions it holds', async () => {
    const school = await openSchoolServer();
    try {
      await school.signIn('ana');
      await school.signIn('ben', 'STAFF');
      announceServer(folder, { pid: process.pid, httpUrl: await school.app.listen({ host: '127.0.0.1', port: 0 }), wsUrl: 'ws://127.0.0.1:1/ws' });
      // The school's clock stands still in 2025, and the command's token is of today: its secret is what counts here.
      school.clock.advance(Date.now() - school.clock.now());
      const env = { CLMS_JWT_SECRET: new TextDecoder().decode(SECRET) };
      expect(await clms(['user', 'disable', 'ben'], { env })).toMatchObject({ code: 0, err: '' });
      expect(school.revoked).toEqual([{ userId: expect.stringMatching(/^user_/) }]);
    } finally {
      await school.close();
    }
  });
});
