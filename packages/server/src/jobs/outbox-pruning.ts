import type { Job } from './job.ts';
import { HOUR_MS, toInstant, toMs } from '../domain/instant.ts';
import type { Db } from '../store/open-store.ts';

/** The bound is not sharp: history is cut once an hour, and readers never depend on what lies beyond it. */
const EVERY_MS = HOUR_MS;
const MARK = 'outbox-pruned';
const ANSWERS_KEPT_MS = 24 * HOUR_MS;

interface HistoryLimits {
  readonly size: number;
  readonly ttlMs: number;
}

/** Cuts each topic's history in the outbox to its bounds [SUB6], and the answers of commands to 24 h, counting what goes so that offsets stay. */
export function outboxPruning(limits: HistoryLimits): Job {
  return {
    name: 'outbox-pruning',
    async nextDueAt(db) {
      const mark = await db.selectFrom('jobMarks').select('at').where('key', '=', MARK).executeTakeFirst();
      if (!mark) return 0;
      const goesAt = await nextToGoAt(db, limits);
      return goesAt === undefined ? undefined : Math.max(toMs(mark.at) + EVERY_MS, goesAt);
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
      await db.deleteFrom('seenCommands').where('createdAt', '<', toInstant(now - ANSWERS_KEPT_MS)).execute();
      await db
        .insertInto('jobMarks')
        .values({ key: MARK, at })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ at }))
        .execute();
    },
  };
}

/** The earliest instant at which anything is beyond its bound; the past where a topic may have grown too long. Nothing kept: undefined. */
async function nextToGoAt(db: Db, limits: HistoryLimits): Promise<number | undefined> {
  const first = await db.selectFrom('outbox').select(['seq', 'at']).orderBy('seq').limit(1).executeTakeFirst();
  const last = await db.selectFrom('outbox').select('seq').orderBy('seq', 'desc').limit(1).executeTakeFirst();
  if (first && last && last.seq - first.seq >= limits.size) return 0;
  const answer = await db.selectFrom('seenCommands').select(({ fn }) => fn.min('createdAt').as('at')).executeTakeFirst();
  // Both are kept through their last millisecond.
  const ends = [...(first ? [toMs(first.at) + limits.ttlMs + 1] : []), ...(answer?.at ? [toMs(answer.at) + ANSWERS_KEPT_MS + 1] : [])];
  return ends.length === 0 ? undefined : Math.min(...ends);
}
