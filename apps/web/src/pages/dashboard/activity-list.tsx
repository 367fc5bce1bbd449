import type { Activity } from '@clms/protocol';
import { useTopic } from '@clms/client/react';
import { Button, SegmentedControl } from '@mantine/core';
import { IconArrowDownLeft, IconArrowUpRight, IconBook2, IconDeviceDesktop, type Icon } from '@tabler/icons-react';
import { memo, useRef, useState, type ReactNode } from 'react';
import { gradeBriefly } from '../../api/person.ts';
import { isStale } from '../../live/is-stale.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { Panel } from '../../shell/panel.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { activityKind, activityWords, type ActivityKind } from './activity-words.ts';
import { useRestingList } from './use-resting-list.ts';
import classes from './activity-list.module.css';

const FILTERS = [
  { value: 'all', label: 'All' },
  { value: 'in', label: 'In' },
  { value: 'out', label: 'Out' },
  { value: 'station', label: 'Station' },
  { value: 'book', label: 'Book' },
];
const ICONS: Readonly<Record<ActivityKind, Icon>> = { in: IconArrowDownLeft, out: IconArrowUpRight, station: IconDeviceDesktop, book: IconBook2 };
/** Rows drawn; a day's worth is on the visits page. */
const SHOWN = 60;

/** What happens right now. New rows come in on top; while the pointer is on the list or it is scrolled, they wait. */
export function ActivityList(): ReactNode {
  const { state, freshness, status } = useTopic('activities');
  const [filter, setFilter] = useState('all');
  const [pointed, setPointed] = useState(false);
  const [scrolled, setScrolled] = useState(false);
  const wanted = filter === 'all' ? state : state.filter((activity) => activityKind(activity) === filter);
  const list = useRef<HTMLUListElement>(null);
  const { shown, held } = useRestingList(wanted, pointed || scrolled);
  return (
    <Panel title="Activity" testId="activity-list" aside={<SegmentedControl size="xs" aria-label="Show" data={FILTERS} value={filter} onChange={setFilter} />}>
      {held > 0 && (
        <Button
          className={classes.held}
          size="compact-sm"
          variant="light"
          fullWidth
          onClick={() => {
            setPointed(false);
            list.current?.scrollTo({ top: 0 });
            setScrolled(false);
          }}
        >
          {held} new
        </Button>
      )}
      {status.state === 'ready' && wanted.length === 0 && <EmptyState title="Nothing yet">{filter === 'all' ? 'Cards, stations and books show up here the moment they are used.' : 'Nothing of this kind.'}</EmptyState>}
      <ul
        ref={list}
        tabIndex={0}
        aria-label="Activity, newest first"
        className={classes.list}
        hidden={wanted.length === 0}
        data-stale={isStale(freshness)}
        onPointerEnter={() => setPointed(true)}
        onPointerLeave={() => setPointed(false)}
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop > 8)}
      >
        {shown.slice(0, SHOWN).map((activity) => <ActivityRow key={activity.id} activity={activity} />)}
      </ul>
    </Panel>
  );
}

/** Drawn once: a row stays as it is while others come in above it. */
const ActivityRow = memo(function ActivityRow({ activity }: { readonly activity: Activity }): ReactNode {
  const time = useVenueTime();
  const Shape = ICONS[activityKind(activity)];
  const what = activityWords(activity);
  return (
    <li className={classes.row}>
      <time className={classes.time} dateTime={activity.timestamp}>{time.clock(activity.timestamp)}</time>
      <Shape size={18} stroke={1.8} aria-hidden className={classes.icon} />
      <div className={classes.words}>
        <div className={classes.who} title={activity.studentName}><strong>{activity.studentName ?? 'Somebody'}</strong> {gradeBriefly(activity)}</div>
        <div className={classes.what} title={what}>{what}</div>
      </div>
    </li>
  );
});
