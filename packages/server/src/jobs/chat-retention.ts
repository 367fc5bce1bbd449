import { DAY_MS, toInstant, toMs } from '../domain/instant.ts';
import type { Job } from './job.ts';

/** Forgets chat messages after the days of the policy [CHT1, PRV2]. */
export const chatRetention: Job = {
  name: 'chat-retention',
  async nextDueAt(db, _now, venue) {
    const oldest = await db.selectFrom('chatMessages').select(({ fn }) => fn.min('createdAt').as('at')).executeTakeFirst();
    return oldest?.at ? toMs(oldest.at) + venue.policies.retention.chatDays * DAY_MS : undefined;
  },
  async run({ db, now, venue }) {
    await db.deleteFrom('chatMessages').where('createdAt', '<=', toInstant(now - venue.policies.retention.chatDays * DAY_MS)).execute();
  },
};
