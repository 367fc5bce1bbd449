import type { Series } from '@clms/protocol';
import { Button, Group, SegmentedControl, Select, Switch, Text, TextInput } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import type { AnalyticsAnswer } from '../../api/analytics.ts';
import { api } from '../../api/api.ts';
import { messageOf } from '../../api/api-error.ts';
import { downloadFile } from '../../api/download-file.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { announceError } from '../../shell/announce-change.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { PageHead } from '../../shell/page-head.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';
import { Panel } from '../../shell/panel.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { AnalyticsTable } from './analytics-table.tsx';
import { GROUPINGS, SERIES_WORDS } from './analytics-words.ts';
import { Totals } from './totals.tsx';

const SeriesChart = lazy(() => import('./series-chart.tsx'));

const FOUR_WEEKS_MS = 27 * 24 * 60 * 60_000;

/** How much the library was used: by day, hour, grade, place; beside the time before. */
export default function AnalyticsPage(): ReactNode {
  const time = useVenueTime();
  const now = useServerNow(60_000);
  const [kind, setKind] = useState<Series>('visits');
  const [groupBy, setGroupBy] = useState('day');
  const [compare, setCompare] = useState(true);
  const [chosen, setChosen] = useState<{ readonly from: string; readonly to: string } | null>(null);
  const period = chosen ?? { from: time.date(now - FOUR_WEEKS_MS), to: time.date(now) };
  const question = { ...period, groupBy, ...(compare && { compare: 'previous' }) };
  const { data, error } = useQuery({ queryKey: ['analytics', kind, question], queryFn: () => api.get<AnalyticsAnswer>(`/api/analytics/${kind}`, question), placeholderData: keepPreviousData });
  const choose = (next: Series) => {
    setKind(next);
    if (!GROUPINGS[next].some(({ value }) => value === groupBy)) setGroupBy('day');
  };
  return (
    <>
      <PageHead title="Analytics">
        <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => void downloadFile(`/api/analytics/${kind}?${new URLSearchParams({ ...question, format: 'csv' })}`, `${kind}-${period.from}-${period.to}.csv`).catch(announceError)}>CSV</Button>
      </PageHead>
      <Group mb="md" gap="sm" align="flex-end">
        <SegmentedControl data={Object.entries(SERIES_WORDS).map(([value, label]) => ({ value, label }))} value={kind} onChange={(value) => choose(value as Series)} />
        <TextInput type="date" label="From" max={period.to} value={period.from} onChange={(event) => event.currentTarget.value && setChosen({ ...period, from: event.currentTarget.value })} />
        <TextInput type="date" label="To" min={period.from} value={period.to} onChange={(event) => event.currentTarget.value && setChosen({ ...period, to: event.currentTarget.value })} />
        <Select label="By" w={170} allowDeselect={false} data={[...GROUPINGS[kind]]} value={groupBy} onChange={(value) => value && setGroupBy(value)} />
        <Switch label="Beside the time before" mb={8} checked={compare} onChange={(event) => setCompare(event.currentTarget.checked)} />
      </Group>
      {error && <Text c="red" mb="md">{messageOf(error)}</Text>}
      {!data && !error && <PageLoading />}
      {data && <Totals answer={data} />}
      {data && (
        <Panel testId="analytics">
          {data.series.length === 0 ? <EmptyState title="Nothing in this time">Choose an earlier first day.</EmptyState> : (
            <>
              <Suspense fallback={<PageLoading />}><SeriesChart answer={data} /></Suspense>
              <AnalyticsTable answer={data} />
            </>
          )}
        </Panel>
      )}
    </>
  );
}
