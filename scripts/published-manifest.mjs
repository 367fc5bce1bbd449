// In the tree the packages export their sources, which Node runs as they are; inside node_modules it does not. So a packed package exports
// what was built: `publishConfig.exports`, which pnpm and Yarn put in place by themselves and npm does not. `prepack` calls this with
// "apply", `postpack` with "restore"; both work on the package of the current folder.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

const MANIFEST = 'package.json';
/** The manifest of the tree while the other one is in its place. Kept in dist/, which is neither committed nor, this file, packed. */
const KEPT = 'dist/package.source.json';

function restore() {
  if (existsSync(KEPT)) renameSync(KEPT, MANIFEST);
}

function apply() {
  const text = readFileSync(MANIFEST, 'utf8');
  const { private: _private, scripts: _scripts, devDependencies: _devDependencies, publishConfig, ...rest } = JSON.parse(text);
  writeFileSync(KEPT, text);
  writeFileSync(MANIFEST, `${JSON.stringify({ ...rest, exports: publishConfig.exports }, null, 2)}\n`);
}

const what = process.argv[2];
if (what === 'apply') apply();
else if (what === 'restore') restore();
else throw new Error('published-manifest.mjs apply | restore');
