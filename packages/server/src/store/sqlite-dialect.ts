import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { SqliteDialect } from 'kysely';

/** Prepared statements kept per database. The statements of this project are few; the bound guards against generated SQL. */
const STATEMENT_CACHE = 500;

/** Kysely's SQLite dialect over Node's own SQLite. */
export function sqliteDialect(database: DatabaseSync): SqliteDialect {
  const statements = new Map<string, { statement: StatementSync; reader: boolean }>();
  const prepare = (text: string): { statement: StatementSync; reader: boolean } => {
    let prepared = statements.get(text);
    if (!prepared) {
      if (statements.size >= STATEMENT_CACHE) statements.clear();
      const statement = database.prepare(text);
      prepared = { statement, reader: statement.columns().length > 0 };
      statements.set(text, prepared);
    }
    return prepared;
  };
  return new SqliteDialect({
    database: {
      close: () => database.close(),
      prepare(text: string) {
        const { statement, reader } = prepare(text);
        return {
          reader,
          all: (parameters: readonly unknown[]) => statement.all(...(parameters as never[])),
          run: (parameters: readonly unknown[]) => statement.run(...(parameters as never[])) as { changes: number; lastInsertRowid: number },
          iterate: (parameters: readonly unknown[]) => statement.iterate(...(parameters as never[])),
        };
      },
    } as never,
  });
}

/**
 * Opens a database file (or memory) so that a commit that was answered survives a power cut:
 * write-ahead log, and a sync of it with every commit. What is deleted is overwritten with zeros: an erased name must not be found in the file [PRV2].
 */
export function openSqlite(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000; pragma foreign_keys = on; pragma secure_delete = on; pragma cache_size = -32000; pragma temp_store = memory');
  return database;
}
