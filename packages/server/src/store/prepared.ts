import type { Compilable, CompiledQuery, Insertable } from 'kysely';
import type { Db } from './open-store.ts';
import type { Tables } from './tables.ts';

// Kysely builds and compiles a query anew for every run, which costs more than SQLite takes to answer it. What every scan asks is compiled once.

/** Stands for an argument while a query is built. */
class Slot {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

/** Compiled per database: the adapter is the one object that a database and its transactions share. */
type PerDatabase<T> = WeakMap<object, T>;

/**
 * A query that is built once per database and then only run. `build` sees stand-ins instead of arguments: it hands them to the query as values,
 * whole (no lists), and asks nothing of them.
 */
export function prepared<A extends readonly unknown[], R>(build: (db: Db, ...args: A) => Compilable<R>): (db: Db, ...args: A) => Promise<R[]> {
  const compiled: PerDatabase<CompiledQuery<R>> = new WeakMap();
  return async (db, ...args) => {
    const { adapter } = db.getExecutor();
    let query = compiled.get(adapter);
    if (!query) compiled.set(adapter, (query = build(db, ...(args.map((_, index) => new Slot(index)) as unknown as A)).compile()));
    const parameters = query.parameters.map((value) => (value instanceof Slot ? args[value.index] : value));
    return (await db.executeQuery<R>({ ...query, parameters })).rows;
  };
}

const inserts: PerDatabase<Map<string, CompiledQuery>> = new WeakMap();

/** Inserts one row. The statement is compiled once for each set of columns, of which the code has as many as it has calls. */
export async function insertRow<T extends keyof Tables & string>(db: Db, table: T, row: Insertable<Tables[T]>): Promise<void> {
  const { adapter } = db.getExecutor();
  let known = inserts.get(adapter);
  if (!known) inserts.set(adapter, (known = new Map()));
  const shape = `${table} ${Object.keys(row).join()}`;
  let query = known.get(shape);
  if (!query) known.set(shape, (query = db.insertInto(table).values(row as never).compile()));
  await db.executeQuery({ ...query, parameters: Object.values(row) });
}
