import type { ReactNode } from 'react';
import classes from './share-bars.module.css';

/** A part of a whole, without words: the figure stands beside it. */
export function ShareBar({ value, of }: { readonly value: number; readonly of: number }): ReactNode {
  return <span className={classes.track} style={{ display: 'block' }} aria-hidden><span className={classes.bar} style={{ width: of === 0 ? 0 : `${Math.min(100, (100 * value) / of)}%` }} /></span>;
}
