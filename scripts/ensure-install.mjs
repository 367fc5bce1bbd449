// Runs before `npm start`, `npm test` and the other commands: brings node_modules up to date with package-lock.json,
// and does nothing when it already is. Plain JavaScript without dependencies, because it runs on whatever Node is there.
import { existsSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTurn } from './in-turn.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
/** What npm itself writes down at the end of an installation, whoever asked for it. */
const installed = join(root, 'node_modules', '.package-lock.json');

// Two installations at once take each other's files away.
if (!isCurrent()) {
  inTurn(root, 'install', () => {
    if (!isCurrent()) install();
  });
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
