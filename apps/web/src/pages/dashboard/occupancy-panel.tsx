import { useTopic } from '@clms/client/react';
import { Box, Skeleton, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { isStale } from '../../live/is-stale.ts';
import { Panel } from '../../shell/panel.tsx';
import { useVenue } from '../../venue/venue-context.tsx';
import { occupancyCurve } from './occupancy.ts';
import { OccupancyChart } from './occupancy-chart.tsx';
import { useOccupancy } from './occupancy-context.tsx';

const STEP_MINUTES = 15;
/** Shown on a day without hours. */
const DEFAULT_SPAN = { start: 7 * 60, end: 18 * 60 };

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));

/** Occupancy over the day against the usual. */
export function OccupancyPanel(): ReactNode {
  const { openToday = [] } = useVenue();
  const { today, before, nowMinute } = useOccupancy();
  const { freshness } = useTopic('activities');
  const hours = openToday.length === 0 ? DEFAULT_SPAN : { start: minutes(openToday[0]!.open), end: minutes(openToday.at(-1)!.close) };
  const earliest = Math.min(hours.start, ...(today ?? []).map(({ from }) => from), nowMinute);
  const span = { start: Math.floor(earliest / 60) * 60, end: Math.ceil(Math.max(hours.end, nowMinute) / 60) * 60 };
  return (
    <Panel title="Occupancy" aside={<Text size="sm" c="dimmed">{before.length === 0 ? 'today' : 'today, and the band of the same weekday in the last four weeks'}</Text>}>
      <Box p="md" data-stale={isStale(freshness)}>
        {today === undefined ? <Skeleton height={180} /> : <OccupancyChart points={occupancyCurve(today, before, { ...span, now: nowMinute, stepMinutes: STEP_MINUTES })} />}
      </Box>
    </Panel>
  );
}
