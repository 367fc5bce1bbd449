import { useConnection, useTopic } from '@clms/client/react';
import { VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { useVenueTime } from '../venue/venue-context.tsx';
import { connectionWords } from './connection-words.ts';
import classes from './connection-chip.module.css';

/** Tells whether what is on screen is true: in words, with a dot whose form differs too. `kept` = scans waiting to be sent. */
export function ConnectionChip({ kept = 0 }: { readonly kept?: number }): ReactNode {
  const { connectionState } = useConnection();
  // Every page with a shell holds this topic, so its proof is the connection's.
  const { freshness } = useTopic('emergency');
  const time = useVenueTime();
  const { tone, text, announcement } = connectionWords(connectionState, freshness, kept, time);
  return (
    <span className={classes.chip} data-tone={tone} data-testid="connection-chip" title={text}>
      <span className={classes.dot} aria-hidden />
      <span className={classes.text}>{text}</span>
      <VisuallyHidden role="status" aria-live="polite">{announcement}</VisuallyHidden>
    </span>
  );
}
