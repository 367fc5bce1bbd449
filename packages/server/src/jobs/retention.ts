import { DAY_MS, toMs } from '../domain/instant.ts';
import { applyRetention } from '../domain/retention.ts';
import type { Job } from './job.ts';

const MARK = 'retention';

/** Once a day: what has been kept long enough loses its person, or goes [PRV2]. */
export const retention: Job = {
  name: 'retention',
  async nextDueAt(db) {
    const mark = await db.selectFrom('jobMarks').select('at').where('key', '=', MARK).executeTakeFirst();
    return mark ? toMs(mark.at) + DAY_MS : 0;
  },
  async run(unit) {
    const counts = await applyRetention(unit.db, unit.venue, unit.now);
    const rows = counts.filter((count) => count.rows > 0).map(({ step, rows: changed }) => ({ step, rows: changed }));
    if (rows.length > 0) unit.audit({ action: 'RETENTION_APPLIED', details: { rows } });
    await unit.db
      .insertInto('jobMarks')
      .values({ key: MARK, at: unit.at })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ at: unit.at }))
      .execute();
  },
};
