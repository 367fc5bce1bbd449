import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { ActivityList } from './activity-list.tsx';
import { AlertList } from './alert-list.tsx';
import { InsidePanel } from './inside-panel.tsx';
import { MetricRow } from './metric-row.tsx';
import { OccupancyProvider } from './occupancy-context.tsx';
import { OccupancyPanel } from './occupancy-panel.tsx';
import { StationList } from './station-list.tsx';
import classes from './dashboard.module.css';

/** Is anything wrong, and who is here? */
export default function DashboardPage(): ReactNode {
  return (
    <OccupancyProvider>
      <Stack gap="md">
        <MetricRow />
        <div className={classes.columns}>
          <ActivityList />
          <StationList />
          <Stack gap="md">
            <AlertList />
            <InsidePanel />
          </Stack>
        </div>
        <OccupancyPanel />
      </Stack>
    </OccupancyProvider>
  );
}
