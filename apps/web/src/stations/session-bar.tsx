import type { ReactNode } from 'react';
import { minutesLeft } from '../venue/venue-time.ts';
import classes from './session-bar.module.css';

export interface SessionBarProps {
  readonly startedAt: string;
  /** null = no end is set. */
  readonly endsAt: string | null;
  /** The server's time in milliseconds. */
  readonly now: number;
  /** The end on the venue's clock, where there is room for it. */
  readonly until?: string | undefined;
}

/** From here on an end is "soon". */
const SOON_MINUTES = 10;

/** How much of a session is left: as a bar and in minutes. */
export function SessionBar({ startedAt, endsAt, now, until }: SessionBarProps): ReactNode {
  if (endsAt === null) return <span className={classes.words}>no limit</span>;
  const start = Date.parse(startedAt);
  const end = Date.parse(endsAt);
  const left = Math.min(1, Math.max(0, (end - now) / Math.max(1, end - start)));
  const minutes = minutesLeft(endsAt, now);
  const soon = minutes <= SOON_MINUTES;
  return (
    <span className={classes.bar} data-soon={soon}>
      <span className={classes.track} aria-hidden><span className={classes.left} style={{ width: `${left * 100}%` }} /></span>
      <span className={classes.words}>{minutes === 0 ? 'ending' : until === undefined ? `${minutes} min` : `${until} (in ${minutes} min)`}</span>
    </span>
  );
}
