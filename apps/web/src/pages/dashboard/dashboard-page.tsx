import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { MetricRow } from './metric-row.tsx';

/** Is anything wrong, and who is here? */
export default function DashboardPage(): ReactNode {
  return (
    <Stack gap="lg">
      <MetricRow />
    </Stack>
  );
}
