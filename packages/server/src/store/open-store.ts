import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import { GroupCommit } from './group-commit.ts';
import { MIGRATIONS } from './schema.ts';
import { openSqlite, sqliteDialect } from './sqlite-dialect.ts';
import type { Tables } from './tables.ts';

export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

/**
 * The database behind one interface.
 *
 * - `transaction` runs `work` whole or not at all. On SQLite transactions run one after the other and those of one turn share a commit; on Postgres they run at isolation
 *   level read committed, and constraints decide races: the loser's insert fails with a unique violation (see `isUniqueViolation`).
 * - When `transaction` resolves, the data survives a power cut.
 * - `db` is for reading outside of transactions: it never sees half a transaction.
 */
export interface Store {
  readonly kind: 'sqlite' | 'postgres';
  readonly db: Db;
  /** Path of the database file; undefined for memory and Postgres. */
  readonly file: string | undefined;
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Lets go of what was deleted: SQLite's log holds pages as they were before until it is cut. Postgres cleans up by itself. */
  forget(): Promise<void>;
  /** True when a trivial query succeeds. */
  usable(): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens `file:<path>`, `memory:` or `postgres://…` and brings its tables up to date. */
export async function openStore(url: string): Promise<Store> {
  const store = url.startsWith('postgres://') || url.startsWith('postgresql://') ? await openPostgresStore(url) : openSqliteStore(url);
  await migrate(store);
  return store;
}

function openSqliteStore(url: string): Store {
  const file = url === 'memory:' ? undefined : url.replace(/^file:(\/\/)?/, '');
  if (file !== undefined) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const database = openSqlite(file ?? ':memory:');
  const db = new Kysely<Tables>({ dialect: sqliteDialect(database) });
  const commits = new GroupCommit(db);
  return {
    kind: 'sqlite',
    db,
    file,
    transaction: (work) => commits.run(work),
    forget: async () => void (await sql`pragma wal_checkpoint(truncate)`.execute(db)),
    usable: () => answers(db),
    async close() {
      await commits.idle();
      await db.destroy();
    },
  };
}

async function openPostgresStore(url: string): Promise<Store> {
  const { default: pg } = await import('pg');
  const types = new pg.TypeOverrides();
  // bigint columns hold counters and centavos far below 2^53.
  types.setTypeParser(pg.types.builtins.INT8, Number);
  const pool = new pg.Pool({ connectionString: url, max: 10, types });
  // A connection that ends while nobody uses it (Postgres restarts, a proxy cuts it) is an 'error' event, which would end the process. The pool
  // replaces it; whoever uses one is told by the query.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    kind: 'postgres',
    db,
    file: undefined,
    transaction: (work) => db.transaction().execute(work),
    forget: async () => undefined,
    usable: () => answers(db),
    close: () => db.destroy(),
  };
}

async function answers(db: Db): Promise<boolean> {
  try {
    await sql`select 1`.execute(db);
    return true;
  } catch {
    return false; // the caller's question was exactly this
  }
}

async function migrate(store: Store): Promise<void> {
  await store.transaction(async (tx) => {
    // Nodes that start together wait here for each other.
    if (store.kind === 'postgres') await sql`select pg_advisory_xact_lock(720131)`.execute(tx);
    await sql`create table if not exists "schemaVersion" ("name" text primary key)`.execute(tx);
    const done = new Set((await sql<{ name: string }>`select "name" from "schemaVersion"`.execute(tx)).rows.map((row) => row.name));
    const unknown = [...done].filter((name) => !MIGRATIONS.some((migration) => migration.name === name));
    if (unknown.length > 0) throw new Error(`The database was written by a newer version (${unknown.join(', ')}). Start that version, or restore a backup made by this one.`);
    for (const migration of MIGRATIONS) {
      if (done.has(migration.name)) continue;
      await migration.up(tx, store.kind);
      await sql`insert into "schemaVersion" ("name") values (${migration.name})`.execute(tx);
    }
  });
}

/** Whether an error is the database saying that a unique index would be broken: somebody else was first. */
export function isUniqueViolation(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return code === '23505' || errcode === 2067 /* SQLITE_CONSTRAINT_UNIQUE */ || errcode === 1555 /* SQLITE_CONSTRAINT_PRIMARYKEY */;
}

/** Whether a transaction lost against another one and may win when it runs again: a unique index, or Postgres ending a deadlock. */
export function isLostRace(error: unknown): boolean {
  return isUniqueViolation(error) || (error as { code?: unknown } | null)?.code === '40P01';
}
