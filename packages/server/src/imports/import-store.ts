import type { Selectable } from 'kysely';
import type { Actor } from '../domain/actor.ts';
import { notFound } from '../domain/refusal.ts';
import type { UnitRunner } from '../domain/unit-runner.ts';
import { newId } from '../ids.ts';
import type { Db } from '../store/open-store.ts';
import type { Tables } from '../store/tables.ts';
import { NO_COUNTS, type ImportKind, type ImportResult } from './import-result.ts';

/** Imports whose rows are kept for looking back; older ones are forgotten when a new one begins. */
const KEPT_IMPORTS = 100;

/** The import as it stands, or a 404. */
export async function importById(db: Db, id: string): Promise<ImportResult> {
  const row = await db.selectFrom('imports').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw notFound('import');
  return { ...toSummary(row), rows: JSON.parse(row.rows) };
}

/** The imports that are kept, newest first, without their rows. */
export async function latestImports(db: Db): Promise<Omit<ImportResult, 'rows'>[]> {
  const rows = await db.selectFrom('imports').select(COLUMNS).orderBy('createdAt', 'desc').orderBy('id').limit(KEPT_IMPORTS).execute();
  return rows.map(toSummary);
}

/** Writes down that an import has begun, and forgets the oldest. Returns its id. */
export async function beginImport(runner: UnitRunner, actor: Actor, kind: ImportKind, fileName: string | undefined): Promise<string> {
  const id = newId('import');
  await runner.run(actor, async ({ db, at }) => {
    const old = await db.selectFrom('imports').select('id').where('status', '!=', 'RUNNING').orderBy('createdAt', 'desc').offset(KEPT_IMPORTS - 1).limit(KEPT_IMPORTS).execute();
    if (old.length > 0) await db.deleteFrom('imports').where('id', 'in', old.map((row) => row.id)).execute();
    await db
      .insertInto('imports')
      .values({ id, kind, status: 'RUNNING', format: null, encoding: null, delimiter: null, lineEnd: null, fileName: fileName?.slice(0, 200) ?? null, columns: null, counts: JSON.stringify(NO_COUNTS), rows: '[]', error: null, progress: 0, createdAt: at, createdBy: actor.id, finishedAt: null })
      .execute();
  });
  return id;
}

/** All but the rows, which may be megabytes. */
const COLUMNS = ['id', 'status', 'kind', 'format', 'encoding', 'delimiter', 'lineEnd', 'fileName', 'columns', 'counts', 'error', 'progress', 'createdAt', 'finishedAt'] as const;
type ImportRowData = Selectable<Tables['imports']>;

function toSummary(row: Pick<ImportRowData, (typeof COLUMNS)[number]>): Omit<ImportResult, 'rows'> {
  const { id, status, kind, format, encoding, delimiter, lineEnd, fileName, columns, counts, error, progress, createdAt, finishedAt } = row;
  return { id, status: status as ImportResult['status'], kind: kind as ImportKind, format, encoding, delimiter, lineEnd, fileName, columns: columns === null ? null : JSON.parse(columns), counts: JSON.parse(counts), error, progress, createdAt, finishedAt };
}
