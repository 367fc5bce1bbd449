import { expireHolds } from '../domain/holds.ts';
import { toMs } from '../domain/instant.ts';
import type { Job } from './job.ts';

/** Passes on kept copies that nobody came for [CIR5]. */
export const holdExpiry: Job = {
  name: 'hold-expiry',
  async nextDueAt(db) {
    const first = await db.selectFrom('holds').select(({ fn }) => fn.min('readyUntil').as('at')).where('status', '=', 'READY').executeTakeFirst();
    // A copy is kept through the instant it is promised until.
    return first?.at ? toMs(first.at) + 1 : undefined;
  },
  run: expireHolds,
};
