import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let root: string;
const calls = () => (existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').trim().split('\n') : []);
const write = (path: string, content: unknown) => writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content));
const lock = (version: string) => ({ packages: { '': {}, 'packages/own': { version: '9' }, 'node_modules/own': { link: true }, 'node_modules/tool': { version }, 'node_modules/for-another-machine': { version: '1', optional: true } } });

/** A tree with the script and an npm that installs what the lock says and writes down that it was asked. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clms-install-'));
  mkdirSync(join(root, 'scripts'));
  for (const script of ['ensure-install.mjs', 'in-turn.mjs']) copyFileSync(resolve(import.meta.dirname, '../scripts', script), join(root, 'scripts', script));
  write('package-lock.json', lock('2.0.0'));
  write('npm.mjs', `
    import { appendFileSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
    appendFileSync('calls', process.argv[2] + '\\n');
    if (process.env.BROKEN) process.exit(7);
    rmSync('node_modules', { recursive: true, force: true });
    mkdirSync('node_modules/.bin', { recursive: true });
    writeFileSync('node_modules/.bin/node', '');
    cpSync('package-lock.json', 'node_modules/.package-lock.json');
  `);
});
afterEach(() => rmSync(root, { recursive: true }));

function ensure(env: Record<string, string> = {}): Promise<number | null> {
  const child = spawn(process.execPath, ['scripts/ensure-install.mjs'], { cwd: root, env: { ...process.env, npm_execpath: join(root, 'npm.mjs'), ...env }, stdio: 'ignore' });
  return new Promise((done) => child.on('exit', (code) => done(code)));
}

it('installs into an empty tree, and nothing when everything is there, whoever installed it', async () => {
  expect(await ensure()).toBe(0);
  expect(await ensure()).toBe(0);
  expect(calls()).toEqual(['ci']);
});

it('installs again when the lock asks for another version', async () => {
  await ensure();
  write('package-lock.json', lock('2.0.1'));
  expect(await ensure()).toBe(0);
  expect(calls()).toEqual(['ci', 'ci']);
});

it('commands that are started together install once', async () => {
  expect(await Promise.all([ensure(), ensure(), ensure()])).toEqual([0, 0, 0]);
  expect(calls()).toEqual(['ci']);
});

it('hands on the failure of an installation, and lets the next try have its turn', async () => {
  expect(await ensure({ BROKEN: '1' })).toBe(7);
  expect(await ensure()).toBe(0);
  expect(calls()).toEqual(['ci', 'ci']);
});
