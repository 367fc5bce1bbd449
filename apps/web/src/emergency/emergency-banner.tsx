import { IconAlertTriangle } from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PAGES } from '../pages/page-list.ts';
import { useVenueTime } from '../venue/venue-context.tsx';
import { useActiveEmergency } from './emergency-context.tsx';
import classes from './emergency-banner.module.css';

const ROLL_CALL = PAGES.find(({ path }) => path === '/emergency')?.path;

/** Above every page of the staff while an emergency is on: what it is, and the way to the roll-call. */
export function EmergencyBanner(): ReactNode {
  const active = useActiveEmergency();
  const time = useVenueTime();
  const { pathname } = useLocation();
  if (!active) return null;
  return (
    <div className={`${classes.banner} no-print`} role="alert">
      <IconAlertTriangle size={28} aria-hidden />
      <div className={classes.words}>
        <strong>{active.message}</strong>
        <span>{[active.location, `raised ${time.time(active.raisedAt)}`, active.raisedBy && `by ${active.raisedBy}`].filter(Boolean).join(' · ')}</span>
      </div>
      {ROLL_CALL && pathname !== ROLL_CALL && <Link to={ROLL_CALL} className={classes.link}>Roll-call</Link>}
    </div>
  );
}
