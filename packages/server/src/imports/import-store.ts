import type { Selectable } from 'kysely';
import type { Actor } from '../domain/actor.ts';
import { notFound, Refusal } from '../domain/refusal.ts';
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
  return toResult(row);
}

/** The latest imports, newest first, without their rows: at most 50. */
export async function latestImports(db: Db): Promise<Omit<ImportResult, 'rows'>[]> {
  const rows = await db.selectFrom('imports').selectAll().orderBy('createdAt', 'desc').orderBy('id').limit(50).execute();
  return rows.map((row) => {
    const { rows: _rows, ...result } = toResult({ ...row, rows: '[]' });
    return result;
  });
}

/** Writes down that an import has begun, and forgets the oldest. Returns its id. */
export async function beginImport(runner: UnitRunner, actor: Actor, kind: ImportKind, fileName: string | undefined): Promise<string> {
  const id = newId('import');
  await runner.run(actor, async ({ db, at }) => {
    const old = await db.selectFrom('imports').select('id').where('status', '!=', 'RUNNING').orderBy('createdAt', 'desc').offset(KEPT_IMPORTS - 1).limit(KEPT_IMPORTS).execute();
    if (old.length > 0) await db.deleteFrom('imports').where('id', 'in', old.map((row) => row.id)).execute();
    await db
      .insertInto('imports')
      .values({ id, kind, status: 'RUNNING', format: null, encoding: null, delimiter: null, fileName: fileName?.slice(0, 200) ?? null, counts: JSON.stringify(NO_COUNTS), rows: '[]', error: null, progress: 0, createdAt: at, createdBy: actor.id, finishedAt: null })
      .execute();
  });
  return id;
}

function toResult(row: Selectable<Tables['imports']>): ImportResult {
  const { id, status, kind, format, encoding, delimiter, fileName, counts, rows, error, progress, createdAt, finishedAt } = row;
  return { id, status: status as ImportResult['status'], kind: kind as ImportKind, format, encoding, delimiter, fileName, counts: JSON.parse(counts), rows: JSON.parse(rows), error, progress, createdAt, finishedAt };
}

export interface KeyedImport {
  readonly key: string;
  /** Of the options and the file together. */
  readonly bodyHash: string;
}

/** The import that this account began with this key, if it did. Another file under the same key is refused with 422. */
export async function importOfKey(db: Db, actor: Actor, { key, bodyHash }: KeyedImport): Promise<ImportResult | undefined> {
  const seen = await db.selectFrom('seenCommands').selectAll().where('account', '=', actor.id).where('key', '=', key).executeTakeFirst();
  if (!seen) return undefined;
  if (seen.bodyHash !== bodyHash) throw new Refusal(422, 'IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request. Use a new key for a new request.');
  return importById(db, (JSON.parse(seen.answer) as { id: string }).id);
}

/** Remembers which import a key began. What it came to is read again when the key comes back. */
export async function rememberKey(runner: UnitRunner, actor: Actor, { key, bodyHash }: KeyedImport, result: ImportResult): Promise<void> {
  await runner.run(actor, ({ db, at }) => db.insertInto('seenCommands').values({ account: actor.id, key, bodyHash, status: 201, answer: JSON.stringify({ id: result.id }), createdAt: at }).execute());
}
