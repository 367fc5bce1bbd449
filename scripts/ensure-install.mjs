// Runs before `npm start`, `npm test` and the other commands: brings node_modules up to date with package-lock.json,
// and does nothing when it already is. Plain JavaScript without dependencies, because it runs on whatever Node is there.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
const stamp = join(root, 'node_modules', '.clms-installed');
const current = existsSync(stamp) && readFileSync(stamp, 'utf8') === lock && existsSync(join(root, 'node_modules', '.bin', 'node'));

if (!current) {
  console.log('Installing dependencies (once, about half a minute)…');
  const npm = process.env.npm_execpath;
  const [command, args] = npm ? [process.execPath, [npm]] : ['npm', []];
  // The tree is installed whole, whatever the caller's NODE_ENV says: the web app is built here and needs its tools.
  const result = spawnSync(command, [...args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) {
    console.error('The installation failed. Check the network connection and run the same command again.');
    process.exit(result.status ?? 1);
  }
  writeFileSync(stamp, lock);
}
