import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { PAGES } from '../page-list.ts';
import classes from './metric-tile.module.css';

export interface MetricTileProps {
  readonly label: string;
  /** Undefined = not known yet: nothing is shown in its place. */
  readonly value: ReactNode;
  /** What the figure is measured against: "/ 60", "of 12". */
  readonly of?: string | undefined;
  readonly note?: ReactNode;
  /** A small picture of the figure. */
  readonly picture?: ReactNode;
  readonly tone?: 'plain' | 'soon' | 'danger';
  readonly testId: string;
  /** The list that the figure counts. */
  readonly to: string;
  readonly search?: Readonly<Record<string, string>>;
  /** Id of a list on this page. */
  readonly hash?: string;
}

/** A figure, and the way to the list behind it. */
export function MetricTile({ label, value, of, note, picture, tone = 'plain', testId, to, search, hash }: MetricTileProps): ReactNode {
  return (
    <Link to={to} search={search as never} {...(hash !== undefined && { hash, onClick: () => document.getElementById(hash)?.focus() })} className={classes.tile} data-tone={tone} disabled={!PAGES.some(({ path }) => path === to)}>
      <span className={classes.label}>{label}</span>
      <span className={classes.figure}>
        <span className={classes.value} data-testid={testId}>{value ?? '–'}</span>
        {of !== undefined && <span className={classes.of}>{of}</span>}
        {picture !== undefined && <span className={classes.picture}>{picture}</span>}
      </span>
      <span className={classes.note}>{note}</span>
    </Link>
  );
}
