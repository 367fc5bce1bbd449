import { meetDeadlines, runningSessions } from '../domain/session-deadlines.ts';
import { nextDeadline } from '../domain/session-warnings.ts';
import type { Job } from './job.ts';

/** Warns before sessions end, and ends them [EQP3]. */
export const sessionDeadlines: Job = {
  name: 'session-deadlines',
  async nextDueAt(db) {
    const deadlines = (await runningSessions(db)).map(nextDeadline).filter((at) => at !== undefined);
    return deadlines.length === 0 ? undefined : Math.min(...deadlines);
  },
  run: meetDeadlines,
};
