import { sql } from 'kysely';
import type { Db } from '../store/open-store.ts';
import type { Period } from './analytics-period.ts';
import { layOut, UNKNOWN, type Grouping, type Point } from './analytics-series.ts';
import type { Venue } from './venue.ts';

export const VISIT_GROUPINGS = ['hour', 'day', 'week', 'gradeCategory', 'location'] as const satisfies readonly Grouping[];

export interface Series {
  readonly series: readonly Point[];
  readonly totals: Readonly<Record<string, number>>;
}

/** Check-ins by the venue's local hour, day, week, by grade category or location [ANA1]. A visit counts once, where and when it began. */
export async function visitAnalytics(db: Db, venue: Venue, period: Period, grouping: (typeof VISIT_GROUPINGS)[number]): Promise<Series> {
  const visits = db.selectFrom('visits').where('localDate', '>=', period.from).where('localDate', '<=', period.to);
  const column = ({ hour: 'localHour', day: 'localDate', week: 'localDate', gradeCategory: 'gradeCategory', location: 'location' } as const)[grouping];
  const groups = await visits.select([column, (eb) => eb.fn.countAll<number>().as('visits')]).groupBy(column).execute();
  const rows = groups.map((group) => {
    const value = (group as Record<string, string | number | null>)[column];
    return { key: grouping === 'hour' ? String(value).padStart(2, '0') : (value === null || value === undefined ? UNKNOWN : String(value)), figures: { visits: Number(group.visits) } };
  });
  const total = await visits
    .select((eb) => [eb.fn.countAll<number>().as('visits'), sql<number>`count(distinct ${eb.ref('personId')})`.as('people'), sql<number>`count(distinct ${eb.ref('localDate')})`.as('days')])
    .executeTakeFirstOrThrow();
  const [count, days] = [Number(total.visits), Number(total.days)];
  return {
    series: layOut(grouping, period, rows, ['visits'], new Map(venue.settings.locations.map((location) => [location.name, location.name]))),
    totals: { visits: count, people: Number(total.people), days, perDay: days === 0 ? 0 : Math.round((count / days) * 10) / 10 },
  };
}
