import { join } from 'node:path';
import { toInstant } from '../domain/instant.ts';
import { backup, BackupError, restore, type Verified } from '../store/backup.ts';
import type { Store } from '../store/open-store.ts';
import type { Output } from './import-file.ts';

/** `2026-01-12T03-04-05`: sorts by time, and is a file name on every system. */
const stamp = (now: number): string => toInstant(now).slice(0, 19).replaceAll(':', '-');

/** `clms backup [file]`: copies the database, running server or not, and proves the copy. Answers the exit code. */
export async function backupCommand(store: Pick<Store, 'kind' | 'file'>, dataDir: string, file: string | undefined, now: number, out: Output): Promise<0 | 1> {
  return inWords(out, async () => {
    const verified = await backup(store, file ?? join(dataDir, 'backups', `clms-${stamp(now)}.db`));
    out.line(`Backup written and verified: ${verified.file}`);
    out.line(countsOf(verified));
  });
}

/** `clms restore <file>`: puts a backup in the place of the database; the server must be stopped. Answers the exit code. */
export async function restoreCommand(file: string, target: string | undefined, now: number, out: Output): Promise<0 | 1> {
  return inWords(out, async () => {
    if (target === undefined) throw new BackupError('This database is not a SQLite file. A Postgres database is restored with pg_restore.');
    const restored = await restore(file, target, stamp(now));
    out.line(`Restored: ${restored.file}`);
    if (restored.movedTo) out.line(`The database that stood there is kept as ${restored.movedTo}`);
    out.line(countsOf(restored));
  });
}

const countsOf = ({ counts }: Verified): string => Object.entries(counts).map(([table, count]) => `${table} ${count}`).join(', ');

async function inWords(out: Output, work: () => Promise<void>): Promise<0 | 1> {
  try {
    await work();
    return 0;
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    out.line(error.message);
    return 1;
  }
}
