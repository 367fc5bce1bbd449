import { nextOverdueNotice, sendOverdueNotices } from '../domain/overdue.ts';
import type { Job } from './job.ts';

/** Reminds of overdue loans [CIR6]. */
export const overdue: Job = { name: 'overdue', nextDueAt: nextOverdueNotice, run: sendOverdueNotices };
