import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import classes from './share-bars.module.css';

export interface ShareRow {
  readonly label: string;
  readonly value: number;
  /** What it is measured against; default the largest of the rows. */
  readonly of?: number | undefined;
  /** Narrows the list of who is inside to those that the row counts. */
  readonly listed?: Readonly<Record<string, string>> | undefined;
}

/** A few counts as bars with their numbers. */
export function ShareBars({ title, rows }: { readonly title: string; readonly rows: readonly ShareRow[] }): ReactNode {
  const largest = Math.max(1, ...rows.map(({ value }) => value));
  return (
    <div>
      <Text size="sm" c="dimmed" mb={6}>{title}</Text>
      {rows.length === 0 && <Text size="sm" c="dimmed">Nobody inside</Text>}
      {rows.map(({ label, value, of, listed }) => (
        <div key={label} className={classes.row}>
          {listed ? <Link className={classes.label} to="/visits" search={{ show: 'inside', ...listed } as never}>{label}</Link> : <span className={classes.label}>{label}</span>}
          <span className={classes.value}>{value}{of !== undefined && <span className={classes.of}> / {of}</span>}</span>
          <span className={classes.track} aria-hidden><span className={classes.bar} style={{ width: `${Math.min(100, (100 * value) / (of ?? largest))}%` }} /></span>
        </div>
      ))}
    </div>
  );
}
