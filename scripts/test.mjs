// The test command: unit and integration tests, then the end-to-end tests in a real browser. Its last line counts what ran.
// Arguments are handed to Vitest (a path, say) and then only the first group runs.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const extra = process.argv.slice(2);
const groups = extra.length > 0 ? [['chosen', ['--config', 'vitest.config.ts', ...extra]]] : [['unit and integration', ['--config', 'vitest.config.ts']], ['end to end', ['--config', 'e2e/vitest.config.ts']]];

const folder = mkdtempSync(join(tmpdir(), 'clms-test-'));
let passed = 0;
let failed = 0;
const skipped = [];
try {
  for (const [name, args] of groups) {
    console.log(`\n— ${name} —`);
    const output = join(folder, `${name.replaceAll(' ', '-')}.json`);
    const result = spawnSync(process.execPath, [vitest, 'run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${output}`], { cwd: root, stdio: 'inherit' });
    const report = readReport(output);
    if (!report) {
      console.error(`The group "${name}" ended without a report (exit ${result.status ?? result.signal}).`);
      failed += 1;
      continue;
    }
    passed += report.numPassedTests;
    failed += report.numFailedTests;
    for (const file of report.testResults) for (const test of file.assertionResults) if (test.status !== 'passed' && test.status !== 'failed') skipped.push(test.fullName);
    // A file that could not be loaded, or an error outside of a test, is a failure too.
    const broken = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
    failed += broken;
    if (result.status !== 0 && report.numFailedTests === 0 && broken === 0) failed += 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (skipped.length > 0) {
  console.log(`\nNot run here (${skipped.length}):`);
  for (const title of skipped) console.log(`  ${title}`);
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
