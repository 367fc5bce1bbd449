import type { TSchema } from 'typebox';

/** What of a schema says where words of a closed list stand. */
interface Place {
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Place[];
  readonly properties?: Readonly<Record<string, Place>>;
  readonly items?: Place;
}

/**
 * The value with words of closed lists in the list's own letter case (`check_in` → `CHECK_IN`) [TOP1]. Words that are in no list stay, for the
 * schema to refuse. Only worth asking for a value that the schema has refused.
 */
export function inOwnCase(schema: TSchema, value: unknown): unknown {
  return fold(schema, value);
}

function fold(place: Place, value: unknown): unknown {
  if (place.anyOf) return place.anyOf.reduce((folded, branch) => fold(branch, folded), value);
  if (typeof value === 'string') return place.enum?.find((word) => typeof word === 'string' && word.toLowerCase() === value.toLowerCase()) ?? value;
  const { items, properties } = place;
  if (Array.isArray(value)) return items ? value.map((item) => fold(items, item)) : value;
  if (typeof value !== 'object' || value === null || !properties) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, Object.hasOwn(properties, key) ? fold(properties[key]!, one) : one]));
}
