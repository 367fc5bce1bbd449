import type { Activity } from '@clms/protocol';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { messageOf } from '../../api/api-error.ts';
import { usePages } from '../../api/use-pages.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { LoadMore } from '../../shell/load-more.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';
import { Panel } from '../../shell/panel.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { duration } from '../../venue/venue-time.ts';
import classes from './person.module.css';

const WORDS: Readonly<Record<Activity['activityType'], string>> = { CHECK_IN: 'Came in', CHECK_OUT: 'Left', EQUIPMENT_USE: 'Used a station', BOOK_BORROW: 'Borrowed', BOOK_RETURN: 'Returned' };

/** What a person did here, newest first. */
export function PersonHistory({ id }: { readonly id: string }): ReactNode {
  const history = usePages<Activity>('person-history', `/api/students/${id}/history`);
  const time = useVenueTime();
  const now = useServerNow(60_000);
  return (
    <Panel title="History">
      {history.isLoading && <PageLoading />}
      {history.error && <Text c="red" p="md">{messageOf(history.error)}</Text>}
      {!history.isLoading && !history.error && history.items.length === 0 && <Text className={classes.row} c="dimmed">Nothing yet: visits, stations and books appear here.</Text>}
      {history.items.map((activity) => (
        <div key={activity.id} className={classes.row}>
          <span>{[WORDS[activity.activityType], titleOf(activity) ?? activity.equipmentName ?? activity.location].filter(Boolean).join(' · ')}</span>
          <Text span size="sm" c="dimmed">{time.moment(activity.timestamp, now)}{activity.duration !== undefined && ` · after ${duration(activity.duration * 1000)}`}</Text>
        </div>
      ))}
      <LoadMore {...history} />
    </Panel>
  );
}

function titleOf({ metadata }: Activity): string | undefined {
  const title = metadata?.['title'];
  return typeof title === 'string' ? `“${title}”` : undefined;
}
