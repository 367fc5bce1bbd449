// Fails when the core, as a page loads it, outgrows its budget. React bindings and the journal are entries of their own; what is fetched
// only where Web Locks are missing is named apart.
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const BUDGET_BYTES = 12 * 1024;

const { outputFiles, metafile } = await build({
  entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
  outdir: 'size',
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  write: false,
  metafile: true,
});

/** A module and all that it imports at once. */
function withImports(path, found = new Set()) {
  if (found.has(path)) return found;
  found.add(path);
  for (const { path: imported, kind } of metafile.outputs[path].imports) if (kind === 'import-statement') withImports(imported, found);
  return found;
}
const gzipped = (path) => gzipSync(outputFiles.find((file) => file.path.endsWith(path)).contents, { level: 9 }).length;

const entry = Object.keys(metafile.outputs).find((path) => path.endsWith('index.js'));
const atOnce = withImports(entry);
const bytes = [...atOnce].reduce((sum, path) => sum + gzipped(path), 0);
const later = Object.keys(metafile.outputs).filter((path) => !atOnce.has(path)).reduce((sum, path) => sum + gzipped(path), 0);
console.log(`client core: ${bytes} of ${BUDGET_BYTES} bytes (minified, gzip); ${later} more where there are no Web Locks`);
if (bytes > BUDGET_BYTES) process.exitCode = 1;
