import { closeWhatIsOver, nextStayEndsAt } from '../domain/closing.ts';
import type { Job } from './job.ts';

/** Closing time: queues empty, sessions and visits end [ATT2][CAL2]. */
export const closing: Job = {
  name: 'closing',
  nextDueAt: (db, _now, venue) => nextStayEndsAt(db, venue),
  run: closeWhatIsOver,
};
