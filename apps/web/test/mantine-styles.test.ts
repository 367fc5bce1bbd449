import { existsSync, globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');
const STYLES = join(dirname(createRequire(import.meta.url).resolve('@mantine/core/styles.css')), 'styles');

function importedComponents(): Set<string> {
  const names = new Set<string>();
  for (const file of globSync('**/*.{ts,tsx}', { cwd: SRC })) {
    for (const [, list] of readFileSync(join(SRC, file), 'utf8').matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)) {
      for (const name of list!.split(',')) names.add(name.trim());
    }
  }
  return names;
}

test('every component of the library that a page uses has its styles loaded', () => {
  const loaded = readFileSync(join(SRC, 'mantine-styles.ts'), 'utf8');
  const missing = [...importedComponents()].filter((name) => existsSync(join(STYLES, `${name}.css`)) && !loaded.includes(`/${name}.css'`));
  expect(missing, 'add these to src/mantine-styles.ts').toEqual([]);
});
