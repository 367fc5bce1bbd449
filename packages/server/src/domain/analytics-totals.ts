import type { AnalyticsUpdate, Series as SeriesName } from '@clms/protocol';
import { sql } from 'kysely';
import type { Db } from '../store/open-store.ts';
import { localDate, MINUTE_MS, toInstant, toMs } from './instant.ts';
import type { Venue } from './venue.ts';

/**
 * Today's totals of one series, as `analytics_update` carries them. They follow from what is committed and from the local date only: minutes
 * count ended sessions, so that nothing changes between two commits of a day.
 */
export async function analyticsTotals(db: Db, venue: Venue, now: number, series: SeriesName): Promise<AnalyticsUpdate> {
  const date = localDate(now, venue.settings.timezone);
  return { series, date, totals: await totalsOf(db, date, series), timestamp: toInstant(now) };
}

async function totalsOf(db: Db, date: string, series: SeriesName): Promise<Record<string, number>> {
  switch (series) {
    case 'visits': {
      const row = await db
        .selectFrom('visits')
        .where('localDate', '=', date)
        .select((eb) => [eb.fn.countAll<number>().as('visits'), sql<number>`count(distinct ${eb.ref('personId')})`.as('people'), eb.fn.count<number>('checkedOutAt').as('ended')])
        .executeTakeFirstOrThrow();
      return { visits: Number(row.visits), people: Number(row.people), inside: Number(row.visits) - Number(row.ended) };
    }
    case 'equipment': {
      const rows = await db.selectFrom('equipmentSessions').select(['startedAt', 'endedAt']).where('localDate', '=', date).execute();
      const ended = rows.flatMap((row) => (row.endedAt === null ? [] : [toMs(row.endedAt) - toMs(row.startedAt)]));
      return { sessions: rows.length, running: rows.length - ended.length, minutes: Math.round(ended.reduce((sum, ms) => sum + ms, 0) / MINUTE_MS) };
    }
    case 'circulation': {
      const row = await db.selectFrom('loans').where('localDate', '=', date).select((eb) => [eb.fn.countAll<number>().as('loans'), eb.fn.count<number>('returnedAt').as('returned')]).executeTakeFirstOrThrow();
      return { loans: Number(row.loans), returned: Number(row.returned) };
    }
  }
}
