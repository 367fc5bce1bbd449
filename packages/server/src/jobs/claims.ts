import { toMs } from '../domain/instant.ts';
import { expireClaims } from '../domain/waiting-list.ts';
import type { Job } from './job.ts';

/** Ends claims on free items that were not taken up in time [EQP5]. */
export const claims: Job = {
  name: 'claims',
  async nextDueAt(db) {
    const first = await db.selectFrom('waitingList').select(({ fn }) => fn.min('claimUntil').as('at')).where('status', '=', 'CLAIMED').executeTakeFirst();
    return first?.at ? toMs(first.at) : undefined;
  },
  run: expireClaims,
};
