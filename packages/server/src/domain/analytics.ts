import type { Series as SeriesName } from '@clms/protocol';
import Type, { type Static } from 'typebox';
import type { Db } from '../store/open-store.ts';
import { periodBefore, type Period } from './analytics-period.ts';
import type { Grouping } from './analytics-series.ts';
import { CIRCULATION_GROUPINGS, circulationAnalytics } from './circulation-analytics.ts';
import { EQUIPMENT_GROUPINGS, equipmentAnalytics } from './equipment-analytics.ts';
import { invalid } from './refusal.ts';
import type { Venue } from './venue.ts';
import { VISIT_GROUPINGS, visitAnalytics, type Series } from './visit-analytics.ts';

const AnalyticsPoint = Type.Intersect([
  Type.Object({ key: Type.String(), label: Type.String(), value: Type.Number() }),
  Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
]);
const Totals = Type.Record(Type.String(), Type.Number());
const Part = { from: Type.String(), to: Type.String(), series: Type.Array(AnalyticsPoint), totals: Totals };

/** What a question about the past answers, with the period before beside it if that was asked for. */
export const AnalyticsAnswer = Type.Object({ kind: Type.String(), groupBy: Type.String(), ...Part, previous: Type.Optional(Type.Object(Part)) });
export type AnalyticsAnswer = Static<typeof AnalyticsAnswer>;

const GROUPINGS_OF: Readonly<Record<SeriesName, readonly Grouping[]>> = { visits: VISIT_GROUPINGS, equipment: EQUIPMENT_GROUPINGS, circulation: CIRCULATION_GROUPINGS };

/** Series for charts [ANA1]. Refuses a grouping that this kind does not have, naming those it has. */
export async function analytics(db: Db, venue: Venue, now: number, question: { kind: SeriesName; period: Period; groupBy: string; compare: boolean }): Promise<AnalyticsAnswer> {
  const { kind, period, compare } = question;
  const groupBy = GROUPINGS_OF[kind].find((known) => known.toLowerCase() === question.groupBy.toLowerCase());
  if (!groupBy) throw invalid('query.groupBy', `${kind} can be grouped by ${GROUPINGS_OF[kind].join(', ')}.`);
  const part = async (asked: Period) => ({ ...asked, ...(await seriesOf(db, venue, now, kind, asked, groupBy)) });
  return { kind, groupBy, ...(await part(period)), ...(compare && { previous: await part(periodBefore(period)) }) } as AnalyticsAnswer;
}

function seriesOf(db: Db, venue: Venue, now: number, kind: SeriesName, period: Period, groupBy: Grouping): Promise<Series> {
  switch (kind) {
    case 'visits': return visitAnalytics(db, venue, period, groupBy as (typeof VISIT_GROUPINGS)[number]);
    case 'equipment': return equipmentAnalytics(db, venue, now, period, groupBy as (typeof EQUIPMENT_GROUPINGS)[number]);
    case 'circulation': return circulationAnalytics(db, venue, now, period, groupBy as (typeof CIRCULATION_GROUPINGS)[number]);
  }
}
