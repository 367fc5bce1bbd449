import type { Db } from '../store/open-store.ts';
import { layOut, UNKNOWN, type Grouping } from './analytics-series.ts';
import type { Period } from './analytics-period.ts';
import { localHour, toInstant, toMs } from './instant.ts';
import type { Venue } from './venue.ts';
import type { Series } from './visit-analytics.ts';

export const CIRCULATION_GROUPINGS = ['hour', 'day', 'week', 'gradeCategory', 'location', 'collection'] as const satisfies readonly Grouping[];
type CirculationGrouping = (typeof CIRCULATION_GROUPINGS)[number];

/** Characters of an instant up to its minute: zones differ by whole quarters of an hour, so the local hour follows from it. */
const MINUTE_TEXT = 16;

/** Loans by the venue's local hour, day, week, by grade category, collection, or the copy's location [ANA1]. A loan counts once, when it began. */
export async function circulationAnalytics(db: Db, venue: Venue, now: number, period: Period, grouping: CirculationGrouping): Promise<Series> {
  const loans = db.selectFrom('loans').where('loans.localDate', '>=', period.from).where('loans.localDate', '<=', period.to);
  const totals = await loans
    .select((eb) => [
      eb.fn.countAll<number>().as('loans'),
      eb.fn.sum<number | null>('loans.renewals').as('renewals'),
      eb.fn.count<number>('loans.returnedAt').as('returned'),
      eb.fn.sum<number | null>('loans.fine').as('fines'),
    ])
    .executeTakeFirstOrThrow();
  const overdue = await loans.select((eb) => eb.fn.countAll<number>().as('loans')).where('returnedAt', 'is', null).where('dueAt', '<', toInstant(now)).executeTakeFirstOrThrow();
  const rows = (await groupsOf(db, venue, period, grouping)).map(({ key, loans: count }) => ({ key, figures: { loans: count } }));
  return {
    series: layOut(grouping, period, rows, ['loans']),
    totals: { loans: Number(totals.loans), returned: Number(totals.returned), renewals: Number(totals.renewals ?? 0), overdue: Number(overdue.loans), fines: Number(totals.fines ?? 0) },
  };
}

async function groupsOf(db: Db, venue: Venue, period: Period, grouping: CirculationGrouping): Promise<{ key: string; loans: number }[]> {
  const loans = db.selectFrom('loans').where('loans.localDate', '>=', period.from).where('loans.localDate', '<=', period.to);
  switch (grouping) {
    case 'hour': {
      const groups = await loans.select((eb) => [eb.fn<string>('substr', ['loanedAt', eb.lit(1), eb.lit(MINUTE_TEXT)]).as('minute'), eb.fn.countAll<number>().as('loans')]).groupBy('minute').execute();
      return groups.map((group) => ({ key: String(localHour(toMs(`${group.minute}:00.000Z`), venue.settings.timezone)).padStart(2, '0'), loans: Number(group.loans) }));
    }
    case 'location': {
      const groups = await loans.innerJoin('books', 'books.id', 'loans.bookId').select((eb) => ['books.location', eb.fn.countAll<number>().as('loans')]).groupBy('books.location').execute();
      return groups.map((group) => ({ key: group.location ?? UNKNOWN, loans: Number(group.loans) }));
    }
    default: {
      const column = ({ day: 'localDate', week: 'localDate', gradeCategory: 'gradeCategory', collection: 'collectionCode' } as const)[grouping];
      const groups = await loans.select((eb) => [eb.ref(column).as('key'), eb.fn.countAll<number>().as('loans')]).groupBy(column).execute();
      return groups.map((group) => ({ key: group.key ?? UNKNOWN, loans: Number(group.loans) }));
    }
  }
}
