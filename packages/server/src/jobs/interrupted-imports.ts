import { MINUTE_MS, toInstant, toMs } from '../domain/instant.ts';
import type { Job } from './job.ts';

/** No import works for nearly as long: one that still does belongs to a server that stopped. By age, because another node may be at work. */
const LONGEST_IMPORT_MS = 15 * MINUTE_MS;

/** Imports that were at work when their server stopped wrote nothing, and are marked as failed, so that nobody waits for them. */
export const interruptedImports: Job = {
  name: 'interrupted-imports',
  async nextDueAt(db) {
    const first = await db.selectFrom('imports').select(({ fn }) => fn.min('createdAt').as('at')).where('status', '=', 'RUNNING').executeTakeFirst();
    return first?.at ? toMs(first.at) + LONGEST_IMPORT_MS : undefined;
  },
  async run({ db, now, at }) {
    await db
      .updateTable('imports')
      .set({ status: 'FAILED', error: 'The server stopped before the import was written. Nothing was changed; import the file again.', finishedAt: at })
      .where('status', '=', 'RUNNING')
      .where('createdAt', '<=', toInstant(now - LONGEST_IMPORT_MS))
      .execute();
  },
};
