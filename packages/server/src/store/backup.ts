import { randomBytes } from 'node:crypto';
import { open, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { backup as copyPages, DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { MIGRATIONS } from './schema.ts';
import type { Store } from './open-store.ts';

/** A backup or restore that was not carried out, in words for whoever asked. Nothing was changed. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

/** What a database file was found to hold. */
export interface Verified {
  readonly file: string;
  readonly counts: Readonly<Record<(typeof COUNTED)[number], number>>;
}

const COUNTED = ['people', 'books', 'equipment', 'visits', 'loans', 'users', 'outbox'] as const;
/** All pages in one step: the copy is of one moment, and writers wait only for the reading of it. */
const ALL_PAGES = 2 ** 30;

/**
 * Copies the database of a running server to `file` and proves the copy: it is opened, its pages are checked, its rows counted. Readers and
 * writers go on meanwhile. The file appears whole or not at all. Only SQLite files: memory has nothing to keep, Postgres has its own tools.
 */
export async function backup(store: Pick<Store, 'kind' | 'file'>, file: string): Promise<Verified> {
  if (store.kind === 'postgres') throw new BackupError('This database is Postgres. Back it up with its own tool: pg_dump --format=custom --file=clms.dump "$CLMS_DATABASE_URL"');
  if (store.file === undefined) throw new BackupError('The database is in memory only: there is no file to back up. Set CLMS_DATABASE_URL to a file.');
  const target = resolve(file);
  if (target === resolve(store.file)) throw new BackupError('The backup would overwrite the database itself. Name another file.');
  await mkdir(dirname(target), { recursive: true });
  const counts = await copyWhole(store.file, target);
  return { file: target, counts };
}

/** Copies a database beside its target, proves the copy, and only then gives it the name. */
async function copyWhole(from: string, target: string, { amend, before }: { amend?: (copy: DatabaseSync) => void; before?: () => Promise<void> } = {}): Promise<Verified['counts']> {
  const partial = `${target}.partial`;
  await rm(partial, { force: true });
  try {
    const source = new DatabaseSync(from, { readOnly: true, timeout: 10_000 });
    try {
      await copyPages(source, partial, { rate: ALL_PAGES });
    } finally {
      source.close();
    }
    // One file and no log beside it: a copy is carried about by people.
    const copy = new DatabaseSync(partial);
    try {
      copy.exec('pragma journal_mode = delete');
      amend?.(copy);
    } finally {
      copy.close();
    }
    const { counts } = verify(partial);
    await before?.();
    await putInPlace(partial, target);
    return counts;
  } finally {
    await rm(partial, { force: true });
  }
}

/**
 * Opens a database file and checks it: pages and indexes intact, tables of this program, no newer version. Leaves it as it is.
 */
export function verify(file: string): Verified {
  if (!existsSync(file)) throw new BackupError(`There is no file ${file}.`);
  let database: DatabaseSync | undefined;
  try {
    // Immutable: looking at a file leaves nothing beside it.
    database = new DatabaseSync(new URL(`${pathToFileURL(resolve(file)).href}?immutable=1`), { readOnly: true });
    const check = database.prepare('pragma integrity_check').all() as { integrity_check: string }[];
    if (check.length !== 1 || check[0]!.integrity_check !== 'ok') throw new BackupError(`${file} is damaged: ${check[0]?.integrity_check ?? 'no answer'}.`);
    const versions = (database.prepare('select "name" from "schemaVersion"').all() as { name: string }[]).map((row) => row.name);
    const unknown = versions.filter((name) => !MIGRATIONS.some((migration) => migration.name === name));
    if (unknown.length > 0) throw new BackupError(`${file} was written by a newer version (${unknown.join(', ')}).`);
    const count = (table: string) => (database!.prepare(`select count(*) as "n" from "${table}"`).get() as { n: number }).n;
    return { file, counts: Object.fromEntries(COUNTED.map((table) => [table, count(table)])) as Verified['counts'] };
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw new BackupError(`${file} is not a database of this program: ${(error as Error).message}.`);
  } finally {
    database?.close();
  }
}

/**
 * Puts a verified backup in the place of the database `target`, with new epochs. The server must be stopped: an open database is refused. What
 * stood there is kept beside it under `movedTo`.
 */
export async function restore(file: string, target: string, suffix: string): Promise<Verified & { readonly movedTo: string | undefined }> {
  if (resolve(file) === resolve(target)) throw new BackupError('The backup and the database are the same file.');
  verify(file);
  if (existsSync(target)) refuseOpen(target);
  await mkdir(dirname(target), { recursive: true });
  let movedTo: string | undefined;
  const counts = await copyWhole(file, target, {
    amend: beginNewEpochs,
    async before() {
      if (!existsSync(target)) return;
      movedTo = `${target}.before-restore-${suffix}`;
      await rename(target, movedTo);
      // What an unclean stop left in the log belongs to the old database; beside the new one it would be read as its own.
      for (const end of ['-wal', '-shm']) if (existsSync(target + end)) await rename(target + end, movedTo + end);
    },
  });
  return { file: target, counts, movedTo };
}

/** Removes all but the newest `keep` backups that `name` recognises. Names sort by time. Answers what was removed. */
export async function rotate(folder: string, name: RegExp, keep: number): Promise<string[]> {
  const found = (await readdir(folder)).filter((entry) => name.test(entry)).toSorted();
  const old = found.slice(0, Math.max(0, found.length - keep));
  for (const entry of old) await rm(join(folder, entry));
  return old;
}

/** [POS1] The restored history is shorter than what clients have seen: with the old epochs they would take new events for ones they have. */
function beginNewEpochs(copy: DatabaseSync): void {
  const renew = copy.prepare('update "topicPositions" set "epoch" = ? where "topic" = ?');
  for (const { topic } of copy.prepare('select "topic" from "topicPositions"').all() as { topic: string }[]) renew.run(randomBytes(8).toString('hex'), topic);
}

/** In write-ahead mode an exclusive lock is had only while nobody else has the file open. */
function refuseOpen(target: string): void {
  const database = new DatabaseSync(target, { timeout: 0 });
  try {
    database.exec('pragma locking_mode = exclusive; begin exclusive; commit');
  } catch (error) {
    const { errcode } = error as { errcode?: number };
    if (errcode === 5 /* SQLITE_BUSY */) throw new BackupError('The database is in use. Stop the server first, then restore.');
    // A damaged file cannot be locked, and is just what a restore replaces.
  } finally {
    database.close();
  }
}

/** Survives a power cut: contents first, then the name, then the folder that holds the name. */
async function putInPlace(partial: string, target: string): Promise<void> {
  await sync(partial);
  await rename(partial, target);
  await sync(dirname(target));
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Windows cannot sync a folder; the file itself was synced before it got its name.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM' && (error as NodeJS.ErrnoException).code !== 'EISDIR') throw error;
  } finally {
    await handle.close();
  }
}
