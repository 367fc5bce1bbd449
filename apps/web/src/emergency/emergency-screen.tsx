import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useVenueTime } from '../venue/venue-context.tsx';
import { useActiveEmergency } from './emergency-context.tsx';
import classes from './emergency-screen.module.css';

/** Fills a screen that people look at with the instruction. Nothing else matters then. */
export function EmergencyScreen(): ReactNode {
  const active = useActiveEmergency();
  const time = useVenueTime();
  if (!active) return null;
  return (
    <div className={classes.screen} role="alert">
      <IconAlertTriangle className={classes.sign} stroke={1.6} aria-hidden />
      <p className={classes.kind}>{active.severity === 'CRITICAL' ? 'Emergency' : 'Attention'}</p>
      <p className={classes.message}>{active.message}</p>
      <p className={classes.where}>{[active.location, `since ${time.time(active.raisedAt)}`].filter(Boolean).join(' · ')}</p>
    </div>
  );
}
