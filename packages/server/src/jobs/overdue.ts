import { toInstant } from '../domain/instant.ts';
import { overdueNoticeAt } from '../domain/loan-calendar.ts';
import { nextOverdueNotice, overdueLoans, sendOverdueNotices } from '../domain/overdue.ts';
import type { Job } from './job.ts';

/** Reminds of overdue loans [CIR6]. */
export const overdue: Job = {
  name: 'overdue',
  async nextDueAt(db, now, venue) {
    const notice = nextOverdueNotice(await overdueLoans(db, now), venue);
    // A loan that becomes overdue later may be the first one to be reminded of.
    const next = await db.selectFrom('loans').select(({ fn }) => fn.min('dueAt').as('at')).where('returnedAt', 'is', null).where('lost', '=', 0).where('dueAt', '>=', toInstant(now)).executeTakeFirst();
    const becomesOverdue = next?.at ? overdueNoticeAt({ dueAt: next.at, noticedAt: null }, venue) : undefined;
    if (notice === undefined || becomesOverdue === undefined) return notice ?? becomesOverdue;
    return Math.min(notice, becomesOverdue);
  },
  run: sendOverdueNotices,
};
