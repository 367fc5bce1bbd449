import Type from 'typebox';
import { expect, it } from 'vitest';
import { inOwnCase } from '../src/letter-case.ts';

const Colour = Type.Enum(['RED', 'BLUE']);

it.each([
  ['a word', Colour, 'red', 'RED'],
  ['a word that is in no list', Colour, 'green', 'green'],
  ['words inside objects, lists and alternatives', Type.Object({ one: Colour, many: Type.Array(Colour), either: Type.Union([Type.Object({ colour: Colour }), Colour]) }), { one: 'blue', many: ['Red', 'x'], either: { colour: 'blue' } }, { one: 'BLUE', many: ['RED', 'x'], either: { colour: 'BLUE' } }],
  ['text that is no word, and keys that are not known', Type.Object({ name: Type.String() }), { name: 'red', more: 'red' }, { name: 'red', more: 'red' }],
  ['nothing', Type.Object({ one: Colour }), null, null],
])('[TOP1] %s', (_what, schema, value, expected) => {
  expect(inOwnCase(schema, value)).toEqual(expected);
});

it('[ENV5] a key that reaches a prototype stays a key', () => {
  const value = inOwnCase(Type.Object({ one: Colour }), JSON.parse('{"__proto__":{"polluted":true},"one":"red"}')) as object;
  expect(Object.keys(value)).toEqual(['__proto__', 'one']);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
});
