// Fails when the core, as a page would load it, outgrows its budget. React bindings and the journal are entries of their own.
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const BUDGET_BYTES = 12 * 1024;

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  write: false,
});
const { length } = gzipSync(outputFiles[0].contents, { level: 9 });
console.log(`client core: ${length} of ${BUDGET_BYTES} bytes (minified, gzip)`);
if (length > BUDGET_BYTES) process.exitCode = 1;
