import { join } from 'node:path';
import { instantAt, localDate } from '../domain/instant.ts';
import type { Unit } from '../domain/unit.ts';
import { backup, rotate, type Verified } from '../store/backup.ts';
import type { Db, Store } from '../store/open-store.ts';
import type { Venue } from '../domain/venue.ts';
import type { Job } from './job.ts';

/** Before the library opens. A PC that is off at night does it when it is switched on. */
const BACKUP_TIME = '06:00';
/** Two weeks: an error that nobody saw before the holidays can still be undone after them. */
const KEPT_BACKUPS = 14;
const BACKUP_NAME = /^clms-\d{4}-\d{2}-\d{2}\.db$/;
const MARK = 'daily-backup:';

export interface DailyBackupOptions {
  readonly store: Pick<Store, 'kind' | 'file'>;
  /** Where the copies go, one a day. */
  readonly folder: string;
  readonly log: { info(details: Record<string, unknown>, message: string): void; error(details: Record<string, unknown>, message: string): void };
}

/** A job with copying of its own behind it: `idle` resolves when the copy at work, if any, is done. */
export interface DailyBackup extends Job {
  idle(): Promise<void>;
}

/**
 * A verified copy of the database every day, the newest 14 kept. Nothing is due for Postgres and for memory. The day is marked as done before the
 * copy is made, outside of the transaction; a copy that fails is logged as an error and tried again the next day.
 */
export function dailyBackup({ store, folder, log }: DailyBackupOptions): DailyBackup {
  let copying: Promise<void> = Promise.resolve();

  async function copy(date: string): Promise<void> {
    try {
      const { file, counts }: Verified = await backup(store, join(folder, `clms-${date}.db`));
      const removed = await rotate(folder, BACKUP_NAME, KEPT_BACKUPS);
      log.info({ file, counts, removed }, 'daily backup made and verified');
    } catch (error) {
      log.error({ err: error, folder }, 'the daily backup failed');
    }
  }

  return {
    name: 'daily-backup',
    async nextDueAt(db: Db, now: number, venue: Venue) {
      if (store.kind === 'postgres' || store.file === undefined) return undefined;
      const zone = venue.settings.timezone;
      const last = await db.selectFrom('jobMarks').select('key').where('key', 'like', `${MARK}%`).orderBy('key', 'desc').executeTakeFirst();
      const today = localDate(now, zone);
      const due = instantAt(today, BACKUP_TIME, zone);
      if (!last) return due;
      const done = last.key.slice(MARK.length);
      if (done < today) return due;
      return instantAt(localDate(instantAt(done, '24:00', zone), zone), BACKUP_TIME, zone);
    },
    async run(unit: Unit) {
      const date = localDate(unit.now, unit.venue.settings.timezone);
      await unit.db.deleteFrom('jobMarks').where('key', 'like', `${MARK}%`).execute();
      await unit.db.insertInto('jobMarks').values({ key: MARK + date, at: unit.at }).execute();
      unit.afterCommit(() => {
        copying = copying.then(() => copy(date));
      });
    },
    idle: () => copying,
  };
}
