// Builds the web app when its sources changed since the last build, and does nothing otherwise.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
// Node 20 and newer: the installed Node 24 may not be first on the PATH of the shell that installed it.
const sources = ['apps/web/src', 'apps/web/public', 'apps/web/index.html', 'apps/web/vite.config.ts', 'apps/web/service-worker.js', 'apps/web/offline-worker.ts', 'apps/web/precompress.ts', 'apps/web/package.json', 'packages/client/src', 'packages/protocol/src', 'package-lock.json'];
const stamp = join(root, 'apps/web/dist/.built-from');

const hash = createHash('sha256');
for (const source of sources) add(join(root, source));
const current = hash.digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== current) {
  console.log('Building the web app (once, a few seconds)…');
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const result = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], { cwd: join(root, 'apps/web'), stdio: 'inherit' });
  if (result.status !== 0) {
    console.error('The web app could not be built; the messages above say why.');
    process.exit(result.status ?? 1);
  }
  writeFileSync(stamp, current);
}

function add(path) {
  if (!existsSync(path)) return;
  const entries = readdirSafe(path);
  if (entries) for (const entry of entries) add(join(path, entry));
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
