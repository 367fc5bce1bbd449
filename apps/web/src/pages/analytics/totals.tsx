import type { ReactNode } from 'react';
import type { AnalyticsAnswer } from '../../api/analytics.ts';
import { figureText, figureWords } from './analytics-words.ts';
import classes from './analytics.module.css';

/** The sums of the period, with the change since the time before. */
export function Totals({ answer: { totals, previous } }: { readonly answer: AnalyticsAnswer }): ReactNode {
  return (
    <dl className={classes.totals}>
      {Object.entries(totals).map(([name, value]) => {
        const before = previous?.totals[name];
        return (
          <div key={name}>
            <dt>{figureWords(name)}</dt>
            <dd>{figureText(value)}</dd>
            {before !== undefined && <dd className={classes.change}>{changeWords(value, before)}</dd>}
          </div>
        );
      })}
    </dl>
  );
}

function changeWords(value: number, before: number): string {
  if (before === 0) return value === 0 ? 'none before either' : 'none before';
  const percent = Math.round(((value - before) / before) * 100);
  return `${percent > 0 ? '+' : ''}${percent} % on ${figureText(before)} before`;
}
