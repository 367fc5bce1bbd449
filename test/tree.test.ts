import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/(^|\/)(node_modules|dist|test)\//.test(file) && !/\.(test|contract|bench)\.tsx?$/.test(file))
    .map((file) => join(folder, file));
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^\s*(?:import|export)\b[^'"]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm)].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

const PACKAGES: Record<string, { folder: string; may: string[] }> = {
  '@clms/protocol': { folder: 'packages/protocol/src', may: [] },
  '@clms/realtime': { folder: 'packages/realtime/src', may: ['@clms/protocol'] },
  '@clms/client': { folder: 'packages/client/src', may: ['@clms/protocol'] },
  '@clms/server': { folder: 'packages/server/src', may: ['@clms/protocol', '@clms/realtime'] },
  '@clms/web': { folder: 'apps/web/src', may: ['@clms/protocol', '@clms/client'] },
};
const all = Object.values(PACKAGES).flatMap(({ folder }) => sources(folder));

/** Layers of the server, lowest first: a folder may import itself and what stands before it. The files of the folder's root are named alone. */
const SERVER_LAYERS: Record<string, string[]> = {
  config: [],
  store: [],
  domain: ['store'],
  jobs: ['store', 'domain'],
  imports: ['store', 'domain'],
  realtime: ['store', 'domain'],
  demo: ['store', 'domain'],
  http: ['config', 'store', 'domain', 'imports', 'realtime', 'demo'],
  cli: ['config', 'store', 'domain', 'imports', 'realtime', 'http', 'jobs', 'demo'],
};

describe('the tree', () => {
  it.each(Object.entries(PACKAGES))('%s imports only what it may', (name, { folder, may }) => {
    const wrong = sources(folder).flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('@clms/'))
        .filter((specifier) => ![name, ...may].some((allowed) => specifier === allowed || specifier.startsWith(`${allowed}/`)))
        .map((specifier) => `${file} → ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each(Object.entries(SERVER_LAYERS))('server/%s imports only layers below it', (layer, below) => {
    const base = 'packages/server/src';
    const wrong = sources(`${base}/${layer}`).flatMap((file) =>
      importsOf(file)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => relative(join(root, base), resolve(root, dirname(file), specifier)).split('/'))
        .filter((path) => path.length > 1 && path[0] !== layer && !below.includes(path[0]!))
        .map((path) => `${file} → ${path.join('/')}`),
    );
    expect(wrong).toEqual([]);
  });

  it.each([
    ['ws', /^packages\/realtime\/src\//, 1],
    ['ioredis', /^packages\/realtime\/src\//, 1],
    ['node:sqlite', /^packages\/server\/src\/store\//, 2],
    ['pg', /^packages\/server\/src\/store\//, 1],
  ])('%s is imported in its one place', (module, where, most) => {
    const importers = all.filter((file) => readFileSync(join(root, file), 'utf8').match(new RegExp(`^import (?!type).*from ['"]${module}['"]|\\bimport\\(['"]${module}['"]\\)`, 'm')));
    expect(importers.filter((file) => !where.test(file))).toEqual([]);
    expect(importers.length).toBeLessThanOrEqual(most);
  });

  it('takes time and chance only from its clocks', () => {
    const pattern = /\bDate\.now\(|\bnew Date\(\)|(?<![.\w])setTimeout\(|(?<![.\w])setInterval\(|\bMath\.random\(/;
    const wrong = all.filter((file) => !file.startsWith('apps/') && !/(^|\/)(clock|environment)[^/]*\.ts$/.test(file)).filter((file) => pattern.test(withoutComments(readFileSync(join(root, file), 'utf8'))));
    expect(wrong).toEqual([]);
  });

  it('holds no file of over 400 lines', () => {
    expect(all.map((file) => [file, readFileSync(join(root, file), 'utf8').split('\n').length] as const).filter(([, lines]) => lines > 400)).toEqual([]);
  });

  it('has no drawers', () => {
    expect(all.filter((file) => /(^|\/)(utils?|helpers?|common|types|misc)(\/|\.tsx?$)/.test(file))).toEqual([]);
  });

  it('says nothing of libraries in the engine', () => {
    const words = /\b(library|librarian|student|pupil|book|loan|kiosk)\b/i;
    expect(sources('packages/realtime/src').filter((file) => words.test(withoutComments(readFileSync(join(root, file), 'utf8'))))).toEqual([]);
  });

  it('skips and narrows no test, and sleeps in none', () => {
    const tests = ['packages', 'apps', 'test', 'e2e', 'examples'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.test\.tsx?$/.test(file) && !file.includes('node_modules'))
        .map((file) => join(folder, file)),
    );
    expect(tests.filter((file) => statSync(join(root, file)).isFile() && /\b(it|test|describe)\.(skip|todo|only)\(|(?<![.\w])sleep\(/.test(readFileSync(join(root, file), 'utf8')) && file !== 'test/tree.test.ts')).toEqual([]);
  });
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}
