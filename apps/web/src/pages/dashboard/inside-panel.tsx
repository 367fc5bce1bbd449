import type { GradeCategory } from '@clms/protocol';
import { useTopic } from '@clms/client/react';
import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { GRADE_CATEGORY_WORDS } from '../../api/person.ts';
import { isStale } from '../../live/is-stale.ts';
import { Panel } from '../../shell/panel.tsx';
import { useVenue } from '../../venue/venue-context.tsx';
import { insideBy } from './occupancy.ts';
import { ShareBars } from './share-bars.tsx';
import { useOccupancy } from './occupancy-context.tsx';

/** Who is inside, by location and by grade. */
export function InsidePanel(): ReactNode {
  const { locations } = useVenue();
  const { today = [] } = useOccupancy();
  const { freshness } = useTopic('activities');
  const capacities = new Map(locations.map(({ name, capacity }) => [name, capacity]));
  return (
    <Panel title="Inside">
      <Stack p="md" gap="md" data-stale={isStale(freshness)}>
        <ShareBars title="By location" rows={insideBy(today, ({ location }) => location).map(([label, value]) => ({ label, value, of: capacities.get(label), listed: { location: label } }))} />
        <ShareBars title="By grade" rows={insideBy(today, ({ category }) => category ?? '').map(([grade, value]) => ({ label: GRADE_CATEGORY_WORDS[grade as GradeCategory] ?? 'No grade', value, listed: grade === '' ? undefined : { grade } }))} />
      </Stack>
    </Panel>
  );
}
