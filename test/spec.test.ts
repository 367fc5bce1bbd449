import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const rules = [...readFileSync(join(root, 'docs/SPEC.md'), 'utf8').matchAll(/\[([A-Z]{2,5}\d+)\]/g)].map((match) => match[1]!);

/** Ids in the titles of tests: `it('[SUB2] …')`, `describe('[POS1] [POS2] …')`, rows of `it.each`. */
const cited = new Set(
  ['packages', 'apps', 'test', 'e2e', 'examples']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(test|contract)\.tsx?$/.test(file) && !file.includes('node_modules'))
        .map((file) => readFileSync(join(root, folder, file), 'utf8')),
    )
    .flatMap((text) => [...text.matchAll(/\[([A-Z]{2,5}\d+(?:[–-]\d+)?)\]/g)].map((match) => match[1]!)),
);

describe('the rules of docs/SPEC.md', () => {
  it('stand there once each', () => {
    expect(rules.filter((rule, index) => rules.indexOf(rule) !== index)).toEqual([]);
  });

  it('each have a test that cites them', () => {
    expect(rules.filter((rule) => !cited.has(rule))).toEqual([]);
  });
});
