import { SERIES } from '@clms/protocol';
import Type from 'typebox';
import { analytics, AnalyticsAnswer } from '../../domain/analytics.ts';
import { readPeriod } from '../../domain/analytics-period.ts';
import { toCsv } from '../../domain/csv-export.ts';
import type { UnitRunner } from '../../domain/unit-runner.ts';
import { raw, type HttpRoute } from '../raw-route.ts';
import { MANAGERS_READ } from '../route.ts';

const AnalyticsQuery = Type.Object(
  {
    from: Type.Optional(Type.String({ maxLength: 40, description: 'first day (YYYY-MM-DD in the venue’s zone); default four weeks ago' })),
    to: Type.Optional(Type.String({ maxLength: 40, description: 'last day, included; default today' })),
    groupBy: Type.Optional(Type.String({ maxLength: 40, description: 'hour, day, week, gradeCategory, location; equipment also by type and item, circulation also by collection' })),
    compare: Type.Optional(Type.Enum(['previous'])),
    format: Type.Optional(Type.Enum(['json', 'csv'])),
  },
  { additionalProperties: false },
);

/** Series for charts, as JSON or as a table for a spreadsheet [ANA1]. */
export function analyticsRoutes(runner: UnitRunner): HttpRoute[] {
  return SERIES.map((kind) =>
    raw({
      method: 'GET',
      path: `/api/analytics/${kind}`,
      access: MANAGERS_READ,
      tag: 'Analytics',
      summary: `${kind === 'visits' ? 'Visits' : kind === 'equipment' ? 'Equipment use in minutes and share' : 'Loans'} over a period, grouped, compared with the period before, or as CSV.`,
      query: AnalyticsQuery,
      answer: AnalyticsAnswer,
      alsoAs: 'text/csv',
      async handle({ query, reply }) {
        const now = runner.now();
        const period = readPeriod(query, now, runner.venue.settings.timezone);
        const answer = await analytics(runner.db, runner.venue, now, { kind, period, groupBy: query.groupBy ?? 'day', compare: query.compare === 'previous' });
        if (query.format !== 'csv') return answer;
        return reply
          .type('text/csv; charset=utf-8')
          .header('Content-Disposition', `attachment; filename="${kind}-${period.from}-${period.to}.csv"`)
          .send(csvOf(answer));
      },
    }),
  );
}

/** One row per point; with a comparison, the point at the same place in the period before beside it. */
function csvOf({ series, previous }: AnalyticsAnswer): string {
  const figures = Object.keys(series[0] ?? { key: '', label: '', value: 0 });
  const before = previous ? new Map(previous.series.map((point, index) => [index, point])) : undefined;
  const rows = series.map((point, index) => [...figures.map((figure) => point[figure]), ...(before ? [before.get(index)?.key, before.get(index)?.value] : [])]);
  return toCsv([...figures, ...(before ? ['previousKey', 'previousValue'] : [])], rows);
}
