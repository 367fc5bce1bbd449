import { escalate } from '../domain/escalation.ts';
import { toMs } from '../domain/instant.ts';
import type { Job } from './job.ts';

/** Tells notices that nobody has acknowledged to more people [NOT2]. */
export const escalation: Job = {
  name: 'escalation',
  async nextDueAt(db) {
    const first = await db.selectFrom('notices').select(({ fn }) => fn.min('nextEscalationAt').as('at')).where('nextEscalationAt', 'is not', null).executeTakeFirst();
    return first?.at ? toMs(first.at) : undefined;
  },
  run: escalate,
};
