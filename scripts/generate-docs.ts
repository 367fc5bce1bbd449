// Writes the documents that come from code; with --check only says whether they are as the code has them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { configDocument } from '../packages/server/src/config/config-document.ts';

const root = join(import.meta.dirname, '..');
const documents: Record<string, string> = { [join(root, 'docs/configuration.md')]: configDocument() };

const check = process.argv.includes('--check');
for (const [path, text] of Object.entries(documents)) {
  if (!check) writeFileSync(path, text);
  else if (readIfThere(path) !== text) {
    console.error(`${relative(root, path)} is not as the code has it: run "npm run docs".`);
    process.exitCode = 1;
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
