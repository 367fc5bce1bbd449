import Type, { type Static, type TSchema } from 'typebox';
import { invalid } from '../domain/refusal.ts';

/** Query of every list: `?limit` (default 50, at most 500) and `?cursor`. */
export const PageQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
    cursor: Type.Optional(Type.String({ maxLength: 500 })),
  },
  { additionalProperties: false },
);
export type PageQuery = Static<typeof PageQuery>;

/** Answer of every list. */
export const Page = <T extends TSchema>(item: T) => Type.Object({ items: Type.Array(item), nextCursor: Type.Union([Type.String(), Type.Null()]) });

export const pageLimit = (query: PageQuery): number => query.limit ?? 50;

/** A cursor is the sort key of the last item, opaque to callers. */
function encodeCursor(...key: (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

export function decodeCursor(cursor: string | undefined, parts: number): (string | number)[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(key) && key.length === parts && key.every((part) => typeof part === 'string' || typeof part === 'number')) return key;
  } catch {
    // Falls through to the answer below: a broken cursor and a foreign one are the same mistake.
  }
  throw foreignCursor();
}

const foreignCursor = (): Error => invalid('query.cursor', 'This cursor is not one that this list gave. Start again without it.');

/** The cursor of lists that sort by a number. */
export function decodeNumber(cursor: string | undefined): number | undefined {
  const key = decodeCursor(cursor, 1)?.[0];
  if (key !== undefined && !Number.isSafeInteger(key)) throw foreignCursor();
  return key as number | undefined;
}

/** The cursor of lists that sort by a text and an id. */
export function decodeTextPair(cursor: string | undefined): readonly [string, string] | undefined {
  const key = decodeCursor(cursor, 2);
  return key && [String(key[0]), String(key[1])];
}

/** A page of a list that is short enough to be read whole, sorted by a text that no two items share. Newest first, if the text is a time and `order` is `falling`. */
export function pageOfAll<T>(items: readonly T[], query: PageQuery, key: (item: T) => string, order: 'rising' | 'falling'): { items: T[]; nextCursor: string | null } {
  const after = decodeCursor(query.cursor, 1)?.[0];
  const limit = pageLimit(query);
  const direction = order === 'rising' ? 1 : -1;
  const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -direction : direction);
  const sorted = items.map((item) => [key(item), item] as const).toSorted(([a], [b]) => compare(a, b));
  const rest = after === undefined ? sorted : sorted.filter(([own]) => compare(own, String(after)) > 0);
  return toPage(rest.slice(0, limit + 1), limit, ([own]) => [own], ([, item]) => item);
}

/** Cuts rows fetched with `limit + 1` into a page. */
export function toPage<R, T>(rows: readonly R[], limit: number, key: (row: R) => (string | number)[], item: (row: R) => T): { items: T[]; nextCursor: string | null } {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { items: kept.map(item), nextCursor: rows.length > limit && last !== undefined ? encodeCursor(...key(last)) : null };
}
