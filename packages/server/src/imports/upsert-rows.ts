import type { Insertable } from 'kysely';
import type { Tx } from '../store/open-store.ts';
import type { Tables } from '../store/tables.ts';

/** Rows of one statement: far below the bound of both databases on parameters (32,766 and 65,535), and few distinct statements to prepare. */
const BATCH = 100;

/** Inserts rows whole, replacing those whose id is there already; in the given order, so that unique values may move from one row to a later one. */
export async function upsertRows<T extends 'people' | 'books' | 'titles' | 'equipment'>(tx: Tx, table: T, rows: readonly Insertable<Tables[T]>[]): Promise<void> {
  const first = rows[0];
  if (!first) return;
  const columns = Object.keys(first).filter((column) => column !== 'id' && column !== 'createdAt');
  for (let at = 0; at < rows.length; at += BATCH) {
    const batch = rows.slice(at, at + BATCH);
    await tx
      .insertInto(table)
      .values(batch as never)
      .onConflict((conflict) => conflict.column('id' as never).doUpdateSet((eb) => Object.fromEntries(columns.map((column) => [column, eb.ref(`excluded.${column}` as never)])) as never))
      .execute();
  }
}
