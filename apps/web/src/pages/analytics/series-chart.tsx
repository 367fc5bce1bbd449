import { BarChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import '@mantine/core/styles/ColorSwatch.css';
import type { ReactNode } from 'react';
import type { AnalyticsAnswer } from '../../api/analytics.ts';
import { pointWords, SERIES_WORDS } from './analytics-words.ts';

/** Bars of the period, and of the one before at the same places. A chunk of its own: charts are large. */
export default function SeriesChart({ answer: { kind, series, previous } }: { readonly answer: AnalyticsAnswer }): ReactNode {
  const label = SERIES_WORDS[kind];
  const data = series.map((point, index) => ({ label: pointWords(point.label), now: point.value, before: previous?.series[index]?.value ?? 0 }));
  return (
    <div style={{ padding: 16 }} role="img" aria-label={`${label}, ${series.length} bars; the same figures are in the table below`}>
      <BarChart
        h={300}
        data={data}
        dataKey="label"
        withLegend={previous !== undefined}
        series={[{ name: 'now', label, color: 'var(--clms-accent)' }, ...(previous ? [{ name: 'before', label: 'Time before', color: 'var(--mantine-color-gray-4)' }] : [])]}
        tickLine="y"
        barProps={{ isAnimationActive: false }}
      />
    </div>
  );
}
