// Runs before `npm start`, `npm test` and the other commands: brings node_modules up to date with package-lock.json,
// and does nothing when it already is. Plain JavaScript without dependencies, because it runs on whatever Node is there.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What npm itself writes down at the end of an installation, whoever asked for it. */
const installed = join(root, 'node_modules', '.package-lock.json');
/** Held by the process that installs: two installations at once take each other's files away. */
const turn = join(tmpdir(), `clms-install-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`);
const LOOK_AGAIN_MS = 500;
const LONGEST_TURN_MS = 15 * 60_000;

if (!isCurrent()) {
  takeTurn();
  try {
    if (!isCurrent()) install();
  } finally {
    rmSync(turn, { force: true });
  }
}

/** Whether every package of the lock is there in its version. Those for other machines (optional) and our own (links) are not asked for. */
function isCurrent() {
  if (!existsSync(installed) || !existsSync(join(root, 'node_modules', '.bin', 'node'))) return false;
  const wanted = Object.entries(packagesOf(join(root, 'package-lock.json')));
  const found = packagesOf(installed);
  return wanted.every(([path, { version, optional, devOptional, link }]) => !path.includes('node_modules/') || optional || devOptional || link || found[path]?.version === version);
}

function packagesOf(lock) {
  return JSON.parse(readFileSync(lock, 'utf8')).packages ?? {};
}

function takeTurn() {
  for (;;) {
    try {
      return writeFileSync(turn, String(process.pid), { flag: 'wx' });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isHeld()) rmSync(turn, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_AGAIN_MS);
    }
  }
}

/** False when the holder has died, or has had the turn for so long that its number must be another process's by now. */
function isHeld() {
  try {
    if (Date.now() - statSync(turn).mtimeMs > LONGEST_TURN_MS) return false;
    const pid = Number(readFileSync(turn, 'utf8'));
    // Still empty for the instant between making the file and writing into it.
    return pid === 0 || process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'EPERM') return true; // somebody else's process
    if (error.code === 'ESRCH' || error.code === 'ENOENT') return false; // dead, or given back a moment ago
    throw error;
  }
}

function install() {
  console.log('Installing dependencies (once, about half a minute)…');
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []];
  // The tree is installed whole, whatever the caller's NODE_ENV says: the web app is built here and needs its tools.
  const result = spawnSync(command, [...args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  if (result.status === 0) return;
  console.error('The installation failed. Check the network connection and run the same command again.');
  process.exitCode = result.status ?? 1;
}
