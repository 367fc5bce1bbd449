import type { ReactNode } from 'react';
import classes from './connections.module.css';

const WIDTH = 120;
const HEIGHT = 28;

/** A line of samples, from 0 to the largest. Nothing until there are two. */
export function Sparkline({ values, label }: { readonly values: readonly number[]; readonly label: string }): ReactNode {
  if (values.length < 2) return null;
  const top = Math.max(...values, Number.EPSILON);
  const points = values.map((value, index) => `${((index / (values.length - 1)) * WIDTH).toFixed(1)},${(HEIGHT - 1 - (value / top) * (HEIGHT - 2)).toFixed(1)}`).join(' ');
  return (
    <svg className={classes.spark} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      <polyline points={points} fill="none" vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
