import { UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Calendar } from '../../api/calendar.ts';
import { dayPlan, hoursText, monthCells, type DayPlan } from './day-plan.ts';
import classes from './calendar.module.css';

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const LETTERS = ['M', 'T', 'W', 'T', 'F', 'S', 'S'];

export interface YearGridProps {
  readonly year: number;
  readonly calendar: Calendar;
  readonly today: string;
  readonly onDay: (date: string) => void;
}

/** Twelve months; each day says by colour, title and label what it is. */
export function YearGrid({ year, calendar, today, onDay }: YearGridProps): ReactNode {
  return (
    <div className={classes.year}>
      {MONTHS.map((name, index) => (
        <section key={name} className={classes.month} aria-label={`${name} ${year}`}>
          <h2>{name}</h2>
          <div className={classes.days}>
            {LETTERS.map((letter, at) => <span key={at} className={classes.letter} aria-hidden>{letter}</span>)}
            {monthCells(year, index + 1).map((date, at) => {
              if (date === null) return <span key={at} />;
              const plan = dayPlan(date, calendar);
              const words = planWords(plan);
              return (
                <UnstyledButton key={date} className={classes.day} data-kind={kindOf(plan)} data-today={date === today} title={words} aria-label={`${Number(date.slice(8))} ${name} ${year}: ${words}`} onClick={() => onDay(date)}>
                  {Number(date.slice(8))}
                </UnstyledButton>
              );
            })}
          </div>
        </section>
      ))}
    </div>
  );
}

function kindOf(plan: DayPlan): 'open' | 'never' | 'closed' | 'exception' {
  if (plan.kind === 'usual') return plan.hours.length > 0 ? 'open' : 'never';
  return plan.kind === 'exception' && plan.hours.length === 0 ? 'closed' : plan.kind;
}

function planWords(plan: DayPlan): string {
  if (plan.kind === 'closed') return `closed${plan.yearly ? ' every year' : ''}${plan.reason ? `: ${plan.reason}` : ''}`;
  const hours = hoursText(plan.hours) || 'closed';
  return plan.kind === 'exception' && plan.reason ? `${hours}: ${plan.reason}` : hours;
}
