// Everything that can be checked without running the product: types, lint, unused code, sizes, generated documents.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name) => join(root, 'node_modules/.bin', name);
const steps = [
  ['types', bin('tsc'), ['-p', 'tsconfig.json']],
  ['types of the client', bin('tsc'), ['-p', 'packages/client/tsconfig.json']],
  ['types of the web app', bin('tsc'), ['-p', 'apps/web/tsconfig.json']],
  ['lint', bin('oxlint'), ['--deny-warnings', '.']],
  ['unused code', bin('knip'), []],
  ['import directions and tree', process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/tree.test.ts']],
  ['size of the client', process.execPath, ['packages/client/scripts/size.mjs']],
  ['generated documents', process.execPath, ['scripts/generate-docs.ts', '--check']],
];

const failures = [];
for (const [name, command, args] of steps) {
  const started = performance.now();
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const ok = result.status === 0;
  console.log(`${ok ? '✓' : '✗'} ${name} (${seconds} s)`);
  if (!ok) {
    failures.push(name);
    console.log((result.stdout ?? '') + (result.stderr ?? '') + (result.error?.message ?? ''));
  }
}
if (failures.length > 0) {
  console.error(`\nNot in order: ${failures.join(', ')}`);
  process.exit(1);
}
