import type { Metrics } from '@clms/protocol';
import { useTopic } from '@clms/client/react';
import type { ReactNode } from 'react';
import { isStale } from '../../live/is-stale.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { ALERTS_ID } from './alert-list.tsx';
import { HourBars } from './hour-bars.tsx';
import { MetricTile } from './metric-tile.tsx';
import { changeSince } from './occupancy.ts';
import { ShareBar } from './share-bar.tsx';
import { useCirculationToday } from './use-circulation-today.ts';
import { useAttention } from './use-attention.ts';
import { useOccupancy } from './occupancy-context.tsx';
import classes from './metric-row.module.css';

/** The figures of the dashboard topic. They change in place. */
export function MetricRow(): ReactNode {
  const { state, freshness } = useTopic('dashboard');
  const equipment = useTopic('equipment').state;
  const { today, lastWeek, nowMinute } = useOccupancy();
  const time = useVenueTime();
  const now = useServerNow(60_000);
  const change = today && lastWeek && changeSince(today, lastWeek, nowMinute);
  const weekday = time.day(now).split(' ')[0];
  const attention = useAttention();
  const metrics: Partial<Metrics> = state?.metrics ?? {};
  const { occupancy, capacity, equipmentInUse, booksBorrowed, overdueItems, visitsToday, waiting } = metrics;
  const { lent, newlyOverdue } = useCirculationToday(overdueItems);
  const fullness = occupancy !== undefined && capacity ? Math.round((100 * occupancy) / capacity) : undefined;
  return (
    <div className={classes.row} data-stale={isStale(freshness)}>
      <MetricTile label="Inside" testId="metric-occupancy" value={occupancy} of={capacity === undefined ? undefined : `/ ${capacity}`} note={fullness === undefined ? null : `${fullness} % full`} picture={today && <HourBars stays={today} nowMinute={nowMinute} />} tone={fullness !== undefined && fullness >= 100 ? 'danger' : fullness !== undefined && fullness >= 80 ? 'soon' : 'plain'} to="/visits" search={{ show: 'inside' }} />
      <MetricTile label="Stations" testId="metric-sessions" value={equipmentInUse} of={`of ${equipment.size} in use`} note={waiting === undefined ? null : waiting === 0 ? 'nobody waits' : `${waiting} waiting`} picture={<ShareBar value={equipmentInUse ?? 0} of={equipment.size} />} to="/equipment" />
      <MetricTile label="Books out" testId="metric-books" value={booksBorrowed} note={lent === undefined ? null : lent === 0 ? 'none lent today' : `+${lent} today`} to="/circulation" search={{ show: 'open' }} />
      <MetricTile label="Overdue" testId="metric-overdue" value={overdueItems} note={overdueItems === 0 ? 'none' : newlyOverdue === undefined ? null : newlyOverdue === 0 ? 'none new' : `${newlyOverdue} new`} tone={overdueItems ? 'danger' : 'plain'} to="/circulation" search={{ show: 'overdue' }} />
      <MetricTile label="Today" testId="metric-today" value={visitsToday} of={visitsToday === 1 ? 'visit' : 'visits'} note={changeWords(change, weekday)} to="/visits" search={{ show: 'today' }} />
      <MetricTile label="Needs you" testId="metric-alerts" value={state && attention.length} of={attention.length === 1 ? 'alert' : 'alerts'} note={attention.length === 0 ? 'all is well' : null} tone={attention.some(({ severity }) => severity === 'DANGER') ? 'danger' : attention.length > 0 ? 'soon' : 'plain'} to="/" hash={ALERTS_ID} />
    </div>
  );
}

/** "+12 % on last Tue"; nothing where nobody came then. */
function changeWords(percent: number | undefined, weekday: string | undefined): string | null {
  return percent === undefined ? null : `${percent >= 0 ? '+' : '−'}${Math.abs(percent)} % on last ${weekday}`;
}
