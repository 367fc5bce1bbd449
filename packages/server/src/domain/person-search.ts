import { sql } from 'kysely';
import type { Db } from '../store/open-store.ts';
import { barcodeKey, searchKey } from './normalise.ts';
import type { PersonRow } from './person.ts';
import { invalid } from './refusal.ts';

/** Words of a search that count; more would only make the statement longer. */
const MOST_WORDS = 8;

export interface PeopleFilter {
  readonly active?: boolean | undefined;
  readonly kind?: PersonRow['kind'] | undefined;
  readonly limit: number;
  /** Id of the last person of the page before. An id, because a cursor stands in the URL and a name may not. */
  readonly afterId?: string | undefined;
}

/** People by name. */
export async function listPeople(db: Db, { active, kind, limit, afterId }: PeopleFilter): Promise<PersonRow[]> {
  let select = db.selectFrom('people').selectAll().where('erasedAt', 'is', null).orderBy('searchKey').orderBy('id').limit(limit);
  if (active !== undefined) select = select.where('active', '=', active ? 1 : 0);
  if (kind !== undefined) select = select.where('kind', '=', kind);
  if (afterId !== undefined) {
    const last = await db.selectFrom('people').select('searchKey').where('id', '=', afterId).executeTakeFirst();
    if (!last) throw invalid('query.cursor', 'This cursor is not one that this list gave. Start again without it.');
    select = select.where((eb) => eb.or([eb('searchKey', '>', last.searchKey), eb.and([eb('searchKey', '=', last.searchKey), eb('id', '>', afterId)])]));
  }
  return select.execute();
}

/**
 * People whose name holds every word of the text, in any order and without case and accents, or whose school id begins with it, or whose
 * card says it [PPL1]. The card's owner stands first, then names that begin with the text; the inactive stand last.
 */
export async function searchPeople(db: Db, text: string, limit: number): Promise<PersonRow[]> {
  const wanted = searchKey(text);
  const words = wanted.split(' ').filter(Boolean).slice(0, MOST_WORDS);
  if (words.length === 0) return [];
  const code = barcodeKey(text);
  const begins = sql<number>`case when ${sql.ref('barcodeKey')} = ${code} then 0 when ${like('searchKey', `${escaped(wanted)}%`)} then 1 else 2 end`;
  return db
    .selectFrom('people')
    .selectAll()
    .where('erasedAt', 'is', null)
    .where((eb) => eb.or([eb.and(words.map((word) => like('searchKey', `%${escaped(word)}%`))), eb('barcodeKey', '=', code), like('schoolIdKey', `${escaped(code)}%`)]))
    .orderBy('active', 'desc')
    .orderBy(begins)
    .orderBy('searchKey')
    .orderBy('id')
    .limit(limit)
    .execute();
}

const like = (column: 'searchKey' | 'schoolIdKey', pattern: string) => sql<boolean>`${sql.ref(column)} like ${pattern} escape '!'`;
/** A "%" typed into the search is a character, not a wildcard. */
const escaped = (text: string): string => text.replace(/[!%_]/g, '!$&');
