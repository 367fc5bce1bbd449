import { join } from 'node:path';
import { systemClock } from '@clms/realtime';
import type { Command } from 'commander';
import { toInstant } from '../domain/instant.ts';
import { backup, BackupError, restore, type Verified } from '../store/backup.ts';
import type { Config } from '../config/config.ts';
import { CommandFailure, configOf, print, type CommandContext } from './command-context.ts';
import { dataDirOption } from './data-dir-option.ts';
import { findServer } from './running-server.ts';

export function addBackupCommands(program: Command, context: CommandContext): void {
  program.command('backup [file]').description('copy the database, running server or not, and prove the copy').addOption(dataDirOption())
    .action((file: string | undefined, options: { dataDir?: string }) => inWords(async () => {
      const config = configOf(context, options);
      const database = databaseOf(config);
      const verified = await backup(database, file ?? join(config.dataDir, 'backups', `clms-${stamp()}.db`)).catch((error: unknown) => {
        // What SQLite and the file system say of a file does not always name it.
        throw (error as NodeJS.ErrnoException).code === undefined ? error : new CommandFailure(`${database.file} could not be copied: ${(error as Error).message}.`);
      });
      print(context, `Backup written and verified: ${verified.file}`);
      print(context, countsOf(verified));
    }));

  program.command('restore <file>').description('put a backup in the place of the database; the server must be stopped').addOption(dataDirOption())
    .action((file: string, options: { dataDir?: string }) => inWords(async () => {
      const config = configOf(context, options);
      const { kind, file: target } = databaseOf(config);
      if (kind === 'postgres') throw new BackupError('This database is Postgres. Restore it with its own tool: pg_restore --clean --dbname="$CLMS_DATABASE_URL" clms.dump');
      if (target === undefined) throw new BackupError('The database is in memory only: there is no file to restore. Set CLMS_DATABASE_URL to a file.');
      if (await findServer(config.dataDir)) throw new BackupError('The server is running. Stop it first, then restore.');
      const restored = await restore(file, target, stamp());
      print(context, `Restored: ${restored.file}`);
      if (restored.movedTo) print(context, `The database that stood there is kept as ${restored.movedTo}`);
      print(context, countsOf(restored));
    }));
}

/** What the address of the database says of it, without opening it. */
function databaseOf({ databaseUrl }: Config): { kind: 'sqlite' | 'postgres'; file: string | undefined } {
  if (/^postgres(ql)?:\/\//.test(databaseUrl)) return { kind: 'postgres', file: undefined };
  return { kind: 'sqlite', file: databaseUrl === 'memory:' ? undefined : databaseUrl.replace(/^file:(\/\/)?/, '') };
}

/** `2026-01-12T03-04-05`: sorts by time, and is a file name on every system. */
const stamp = (): string => toInstant(systemClock.now()).slice(0, 19).replaceAll(':', '-');

const countsOf = ({ counts }: Verified): string => Object.entries(counts).map(([table, count]) => `${table} ${count}`).join(', ');

async function inWords(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw error instanceof BackupError ? new CommandFailure(error.message) : error;
  }
}
