import type { Store } from '../store/open-store.ts';
import { chatRetention } from './chat-retention.ts';
import { claims } from './claims.ts';
import { closing } from './closing.ts';
import { closingAnnouncements } from './closing-announcements.ts';
import { dailyBackup, type DailyBackupOptions } from './daily-backup.ts';
import { escalation } from './escalation.ts';
import { holdExpiry } from './hold-expiry.ts';
import { interruptedImports } from './interrupted-imports.ts';
import type { Job } from './job.ts';
import { outboxPruning } from './outbox-pruning.ts';
import { overdue } from './overdue.ts';
import { peak } from './peak.ts';
import { retention } from './retention.ts';
import { sessionDeadlines } from './session-deadlines.ts';

export interface JobOptions {
  readonly store: Store;
  readonly history: { readonly size: number; readonly ttlMs: number };
  readonly backupFolder: string;
  readonly log: DailyBackupOptions['log'];
}

/** Everything that is due at some instant. `idle` waits for what works behind a job. */
export function allJobs({ store, history, backupFolder, log }: JobOptions): { readonly list: readonly Job[]; idle(): Promise<void> } {
  const backups = dailyBackup({ store, folder: backupFolder, log });
  return {
    list: [sessionDeadlines, claims, escalation, closingAnnouncements, closing, holdExpiry, overdue, peak, retention, chatRetention, outboxPruning(history), interruptedImports, backups],
    idle: () => backups.idle(),
  };
}
