import type { Job } from './job.ts';
import { HOUR_MS, toInstant, toMs } from '../domain/instant.ts';

/** The bound is not sharp: history is cut once an hour, and readers never depend on what lies beyond it. */
const EVERY_MS = HOUR_MS;
const MARK = 'outbox-pruned';

/** Cuts each topic's history in the outbox to its bounds [SUB6], and the answers of commands to 24 h, counting what goes so that offsets stay. */
export function outboxPruning(limits: { size: number; ttlMs: number }): Job {
  return {
    name: 'outbox-pruning',
    async nextDueAt(db) {
      const mark = await db.selectFrom('jobMarks').select('at').where('key', '=', MARK).executeTakeFirst();
      return mark ? toMs(mark.at) + EVERY_MS : 0;
    },
    async run({ db, now, at }) {
      const topics = await db.selectFrom('outbox').select('topic').distinct().execute();
      for (const { topic } of topics) {
        const aged = await db.selectFrom('outbox').select(({ fn }) => fn.max('seq').as('seq')).where('topic', '=', topic).where('at', '<', toInstant(now - limits.ttlMs)).executeTakeFirst();
        const beyond = await db.selectFrom('outbox').select('seq').where('topic', '=', topic).orderBy('seq', 'desc').offset(limits.size).limit(1).executeTakeFirst();
        const last = Math.max(Number(aged?.seq ?? 0), beyond?.seq ?? 0);
        if (last === 0) continue;
        const { numDeletedRows } = await db.deleteFrom('outbox').where('topic', '=', topic).where('seq', '<=', last).executeTakeFirst();
        await db.updateTable('topicPositions').set(({ eb }) => ({ pruned: eb('pruned', '+', Number(numDeletedRows)) })).where('topic', '=', topic).execute();
      }
      await db.deleteFrom('seenCommands').where('createdAt', '<', toInstant(now - 24 * HOUR_MS)).execute();
      await db
        .insertInto('jobMarks')
        .values({ key: MARK, at })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ at }))
        .execute();
    },
  };
}
