// Builds what `npm start` runs, each part when its sources changed since it was built last, and does nothing otherwise.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inTurn } from './in-turn.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const parts = [
  {
    name: 'the web app',
    folder: 'apps/web',
    sources: ['apps/web/src', 'apps/web/public', 'apps/web/index.html', 'apps/web/vite.config.ts', 'apps/web/service-worker.js', 'apps/web/offline-worker.ts', 'apps/web/precompress.ts', 'apps/web/package.json', 'packages/client/src', 'packages/protocol/src', 'package-lock.json'],
  },
  {
    name: 'the server',
    folder: 'packages/server',
    sources: ['packages/server/src', 'packages/server/package.json', 'packages/server/vite.config.ts', 'packages/realtime/src', 'packages/protocol/src', 'package-lock.json'],
  },
];

if (!parts.every(isBuilt)) {
  inTurn(root, 'build', () => {
    for (const part of parts) if (process.exitCode === undefined && !isBuilt(part)) build(part);
  });
}

function isBuilt({ folder, sources }) {
  const stamp = stampOf(folder);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === hashOf(sources);
}

function build({ name, folder, sources }) {
  console.log(`Building ${name} (once, a few seconds)…`);
  // What it is built from, before it is: a source that changes meanwhile makes it built again.
  const from = hashOf(sources);
  // Node 20 and newer: the installed Node 24 may not be first on the PATH of the shell that installed it.
  const result = spawnSync(process.execPath, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], { cwd: join(root, folder), stdio: 'inherit' });
  if (result.status === 0) return writeFileSync(stampOf(folder), from);
  console.error(`${name[0].toUpperCase()}${name.slice(1)} could not be built; the messages above say why.`);
  process.exitCode = result.status ?? 1;
}

function stampOf(folder) {
  return join(root, folder, 'dist/.built-from');
}

function hashOf(sources) {
  const hash = createHash('sha256');
  for (const source of sources) add(hash, join(root, source));
  return hash.digest('hex');
}

function add(hash, path) {
  if (!existsSync(path)) return;
  const entries = readdirSafe(path);
  if (entries) for (const entry of entries) add(hash, join(path, entry));
  else hash.update(path.slice(root.length)).update('\0').update(readFileSync(path)).update('\0');
}

function readdirSafe(path) {
  try {
    return readdirSync(path).toSorted();
  } catch (error) {
    if (error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}
