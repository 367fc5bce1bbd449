import type { EmergencyAlert } from '@clms/protocol';
import type { ReactNode } from 'react';
import classes from './emergency.module.css';

/** How many are still to be found. */
export function RollCallCounts({ counts: { inside, safe, missing, unaccounted } }: { readonly counts: NonNullable<EmergencyAlert['counts']> }): ReactNode {
  return (
    <dl className={classes.counts} aria-live="polite">
      <Count label="Not ticked" value={unaccounted} />
      <Count label="Missing" value={missing} tone={missing > 0 ? 'danger' : undefined} />
      <Count label="Safe" value={safe} tone="good" />
      <Count label="Were inside" value={inside} />
    </dl>
  );
}

function Count({ label, value, tone }: { readonly label: string; readonly value: number; readonly tone?: 'danger' | 'good' | undefined }): ReactNode {
  return (
    <div data-tone={tone}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}
