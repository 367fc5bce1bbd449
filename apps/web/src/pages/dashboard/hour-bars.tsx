import type { ReactNode } from 'react';
import { occupancyCurve, type Stay } from './occupancy.ts';
import classes from './hour-bars.module.css';

const HOUR = 60;
/** Hours drawn, up to now. */
const SHOWN_HOURS = 8;

/** How full it was at each of the last hours, and is now. */
export function HourBars({ stays, nowMinute }: { readonly stays: readonly Stay[]; readonly nowMinute: number }): ReactNode {
  const start = Math.max(0, nowMinute - (SHOWN_HOURS - 1) * HOUR);
  const counts = occupancyCurve(stays, [], { start, end: nowMinute, now: nowMinute, stepMinutes: HOUR }).map(({ inside }) => inside ?? 0);
  const most = Math.max(...counts);
  if (most === 0) return null;
  return <span className={classes.bars} aria-hidden>{counts.map((count, index) => <span key={counts.length - index} style={{ height: `${Math.max(6, (100 * count) / most)}%` }} />)}</span>;
}
