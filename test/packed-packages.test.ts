import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');
const PACKAGES = ['protocol', 'realtime', 'client'] as const;
/** What a stranger installs beside the packages, and what those need themselves. */
const OTHERS = ['@types/node', '@types/react', '@types/react-dom', 'csstype', 'ioredis', 'jose', 'react', 'react-dom', 'typebox', 'undici-types', 'ws'];

let folder: string;
let app: string;
const children: ChildProcess[] = [];

/**
 * Packs the packages and installs them into an empty folder. They are packed from a copy: `npm pack` puts another manifest in the place
 * of the tree's for a moment, and other tests read that.
 */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clms-packed-'));
  app = join(folder, 'app');
  const tree = join(folder, 'tree');
  for (const path of ['tsconfig.json', 'scripts/build-package.mjs', 'scripts/published-manifest.mjs', ...PACKAGES.map((name) => `packages/${name}`)]) {
    cpSync(join(root, path), join(tree, path), { recursive: true, filter: (source) => !/\/(node_modules|dist)$/.test(source) });
  }
  link(join(root, 'node_modules'), join(tree, 'node_modules'));
  for (const name of PACKAGES) {
    const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: join(tree, 'packages', name) });
    const into = join(app, 'node_modules/@clms', name);
    mkdirSync(into, { recursive: true });
    await run('tar', ['-xzf', join(folder, stdout.trim().split('\n').at(-1)!), '-C', into, '--strip-components=1']);
    expect(readFileSync(join(tree, 'packages', name, 'package.json'), 'utf8')).toBe(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'));
  }
  for (const name of OTHERS) link(join(root, 'node_modules', name), join(app, 'node_modules', name));
  writeFileSync(join(app, 'package.json'), '{ "type": "module" }');
  const compilerOptions = { strict: true, target: 'ES2022', lib: ['ES2022', 'DOM', 'DOM.Iterable'], module: 'NodeNext', jsx: 'react-jsx', types: ['node'], skipLibCheck: false, noEmitOnError: true };
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
  for (const name of PACKAGES) writeExamples(join(root, 'packages', name, 'README.md'));
  await run(join(root, 'node_modules/.bin/tsc'), ['-p', app]).catch((error: { stdout: string }) => {
    throw new Error(`The examples do not compile:\n${error.stdout}`);
  });
}, 240_000);

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}

/** The examples of a README: each says in its first line which file it is. */
function writeExamples(readme: string): void {
  const examples = [...readFileSync(readme, 'utf8').matchAll(/^```tsx?\n(?:\/\/ (\S+\.tsx?).*\n)?([\s\S]*?)^```/gm)];
  expect(examples.length).toBeGreaterThan(0);
  for (const [, name, text] of examples) {
    if (name === undefined) throw new Error(`An example in ${readme} does not say which file it is:\n${text}`);
    writeFileSync(join(app, name), text!);
  }
}

/** A program in the folder, line by line. */
function start(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, args, { cwd: app, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const seen: string[] = [];
  return async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (let next = await lines.next(); !next.done; next = await lines.next()) {
      seen.push(next.value);
      const match = pattern.exec(next.value);
      if (match) return match;
    }
    throw new Error(`The program ended without ${String(pattern)}:\n${seen.join('\n')}`);
  };
}

async function post(url: string, body: object, token?: string): Promise<any> {
  const headers = { 'Content-Type': 'application/json', ...(token !== undefined && { Authorization: `Bearer ${token}` }) };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('packed packages', () => {
  it.each(PACKAGES)('%s holds modules, declarations and a README, exports no source, and wants nothing of development', (name) => {
    const packed = join(app, 'node_modules/@clms', name);
    const manifest = JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8')) as Record<string, Record<string, Record<string, string>>>;
    const targets = Object.values(manifest['exports']!).flatMap((entry) => Object.values(entry));
    expect(targets.filter((target) => !existsSync(join(packed, target)))).toEqual([]);
    expect(targets.filter((target) => !/^\.\/dist\/.+(\.js|\.d\.ts)$/.test(target))).toEqual([]);
    expect(existsSync(join(packed, 'README.md'))).toBe(true);
    expect(existsSync(join(packed, 'src'))).toBe(false);
    expect(existsSync(join(packed, 'dist/package.source.json'))).toBe(false);
    expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(['private']));
    expect([manifest['devDependencies'], manifest['scripts'], manifest['publishConfig']]).toEqual([undefined, undefined, undefined]);
  });

  it('client needs the protocol and, for its hooks alone, React', () => {
    const manifest = JSON.parse(readFileSync(join(app, 'node_modules/@clms/client/package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({ dependencies: { '@clms/protocol': '0.1.0' }, peerDependencies: { react: '>=19' }, peerDependenciesMeta: { react: { optional: true } } });
  });

  it('a filter that a topic does not have is a compile error for who uses the package', async () => {
    writeFileSync(join(app, 'wrong.ts'), "import { RealtimeClient } from '@clms/client';\nnew RealtimeClient({ getToken: () => null }).topic('activities', { status: 'AVAILABLE' });\n");
    const { stdout } = await run(join(root, 'node_modules/.bin/tsc'), ['-p', app]).then(() => ({ stdout: '' }), (error: { stdout: string }) => error);
    rmSync(join(app, 'wrong.ts'));
    expect(stdout).toMatch(/wrong\.ts\(2,\d+\): error TS2353: .*'status' does not exist/);
  }, 60_000);

  it('the example of the engine serves a client that knows nothing of it', async () => {
    const secret = 'a secret of at least thirty-two bytes';
    writeFileSync(join(app, 'free-port.mjs'), "import http from 'node:http';\nconst { listen } = http.Server.prototype;\nhttp.Server.prototype.listen = function () { return listen.call(this, 0, '127.0.0.1', () => console.log(`port ${this.address().port}`)); };\nawait import('./server.js');\n");
    const [, port] = await start(['free-port.mjs'], { JWT_SECRET: secret })(/^port (\d+)$/);
    const claims = { sub: 'user_1', username: 'ana', role: 'STAFF', sid: 's1', exp: Math.floor(performance.timeOrigin / 1_000) + 3_600 };
    const unsigned = `${base64url({ alg: 'HS256' })}.${base64url(claims)}`;
    const token = `${unsigned}.${createHmac('sha256', secret).update(unsigned).digest('base64url')}`;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, ['clms.v1', `bearer.${token}`]);
    const subscribed = await new Promise<{ data: unknown }>((found, lost) => {
      socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'subscribe', data: { topic: 'orders', filters: { shop: 'north' } } })));
      socket.addEventListener('message', ({ data }) => {
        const frame = JSON.parse(String(data)) as { type: string; data: { topic?: string } };
        if (frame.type === 'subscribed') found(frame);
      });
      socket.addEventListener('close', ({ code, reason }) => lost(new Error(`closed with ${code} ${reason}`)));
      socket.addEventListener('error', () => lost(new Error('refused')));
    });
    expect(subscribed.data).toMatchObject({ topic: 'orders', snapshot: [{ id: 'order_1', customer: 'Ana' }] });
    socket.close();
  }, 60_000);

  it('the packed client follows a topic of the packed engine', async () => {
    writeFileSync(join(app, 'board.mjs'), `
      import { createServer } from 'node:http';
      import { MemoryBroker, systemClock, WebSocketManager } from '@clms/realtime';
      import { RealtimeClient } from '@clms/client';
      const items = [{ id: 'pc1', type: 'COMPUTER', status: 'AVAILABLE' }];
      const equipment = { name: 'equipment', filters: { type: 'open' }, delivery: 'latest', eventTypes: ['equipment_update'], audience: () => ({ key: 'all' }), project: ({ data }) => data, entity: ({ data }) => data.id, snapshot: async () => items };
      const identity = { userId: 'ana', username: 'ana', role: 'STAFF', sessionId: 's' };
      const manager = new WebSocketManager({ topics: [equipment], broker: new MemoryBroker({ clock: systemClock }), authenticate: async () => ({ kind: 'ok', identity }) });
      const http = createServer();
      manager.attach(http);
      await manager.start();
      await new Promise((listening) => http.listen(0, '127.0.0.1', listening));
      const client = new RealtimeClient({ url: 'ws://127.0.0.1:' + http.address().port + '/ws', getToken: () => 'token' });
      const view = client.topic('equipment', { type: 'COMPUTER' });
      view.subscribe(() => {
        const { state, status } = view.getSnapshot();
        if (status.state === 'ready') console.log([...state.values()].map(({ id, status }) => id + ' ' + status).join());
      });
      client.onMessage(({ type }) => {
        if (type === 'subscribed') void manager.broadcastToSubscription('equipment', { type: 'equipment_update', data: { ...items[0], status: 'IN_USE' } });
      });
      client.connect();
    `);
    const output = start(['board.mjs']);
    await output(/^pc1 AVAILABLE$/);
    await output(/^pc1 IN_USE$/);
  }, 60_000);

  it('the examples of the client watch the real server, and scan into it through a journal in a file', async () => {
    const data = join(folder, 'data');
    const settings = { CLMS_DATA_DIR: data, CLMS_DATABASE_URL: 'memory:', CLMS_HTTP_PORT: '0', CLMS_WS_PORT: 'off', CLMS_ADMIN_USERNAME: 'ana', CLMS_ADMIN_PASSWORD: 'correct horse battery', CLMS_TIMEZONE: 'Asia/Manila', CLMS_LOG_FORMAT: 'json' };
    const server = start([join(root, 'packages/server/src/main.ts'), 'serve'], settings);
    const [httpUrl] = await server(/http:\/\/(127\.0\.0\.1|localhost):[1-9]\d*/);
    const { accessToken } = await post(`${httpUrl}/api/auth/login`, { username: 'ana', password: 'correct horse battery' });
    await post(`${httpUrl}/api/students`, { schoolId: '2024001', surname: 'Cruz', givenName: 'Aya', gradeLevel: '7' }, accessToken);
    const { code } = await post(`${httpUrl}/api/devices`, { name: 'Door', role: 'KIOSK', station: 'door' }, accessToken);
    const { deviceToken } = await post(`${httpUrl}/api/devices/pair`, { code });
    const watching = start(['watch.js', httpUrl, 'ana', 'correct horse battery']);
    await watching(/^live$/);
    const scanning = start(['door.js', httpUrl, deviceToken, '2024001']);
    await scanning(/^applied/);
    await scanning(/result: 'CHECKED_IN'/);
    expect((await watching(/^CHECK_IN (.+)$/))[1]).not.toBe('');
  }, 60_000);
});
