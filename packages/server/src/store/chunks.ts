/** Rows of one insert. Databases bound the values of a statement (SQLite 32,766, Postgres 65,535), and no table has more than 30 columns. */
const ROWS_PER_INSERT = 1000;

/** Cuts rows into lists that one statement can insert. */
export function inChunks<T>(rows: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(rows.length / ROWS_PER_INSERT) }, (_, chunk) => rows.slice(chunk * ROWS_PER_INSERT, (chunk + 1) * ROWS_PER_INSERT));
}
