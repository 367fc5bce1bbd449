import { METRICS, SERIES, type AnalyticsUpdate, type Dashboard, type Series } from '@clms/protocol';
import { analyticsTotals } from '../domain/analytics-totals.ts';
import { computeDashboard, nextDashboardChangeAt } from '../domain/metrics.ts';
import type { UnitRunner } from '../domain/unit-runner.ts';
import type { StateSource } from './state-feed.ts';

export function dashboardSource(runner: UnitRunner): StateSource<Dashboard> {
  return {
    topic: 'dashboard',
    type: 'dashboard_update',
    compute: () => computeDashboard(runner.db, runner.venue, runner.now()),
    essence: ({ metrics, alerts }) => ({ metrics, alerts }),
    meta: (before, after) => ({ changed: METRICS.filter((metric) => before?.metrics[metric] !== after.metrics[metric]) }),
    nextChangeAt: () => nextDashboardChangeAt(runner.db, runner.venue, runner.now()),
  };
}

export function analyticsSources(runner: UnitRunner): StateSource<AnalyticsUpdate>[] {
  return SERIES.map((series: Series) => ({
    topic: 'analytics',
    type: 'analytics_update',
    compute: () => analyticsTotals(runner.db, runner.venue, runner.now(), series),
    essence: ({ date, totals }: AnalyticsUpdate) => ({ date, totals }),
  }));
}
