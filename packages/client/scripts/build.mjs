// Builds what is published: ESM for pages and Node in dist/. Declarations come from `tsc -p tsconfig.build.json`.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

await rm(path('../dist'), { recursive: true, force: true });
await build({
  entryPoints: { index: path('../src/index.ts'), 'journal/index': path('../src/journal/index.ts'), 'react/index': path('../src/react/index.ts') },
  outdir: path('../dist'),
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  sourcemap: true,
  external: ['react'],
});
