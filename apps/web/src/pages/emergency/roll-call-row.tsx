import { IconAlertTriangle, IconCircleCheck, IconCircleDashed } from '@tabler/icons-react';
import { UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { useVenueTime } from '../../venue/venue-context.tsx';
import type { RollCallEntry } from './roll-call-entries.ts';
import classes from './emergency.module.css';

const STATES = {
  UNACCOUNTED: { words: 'Not ticked', icon: IconCircleDashed },
  SAFE: { words: 'Safe', icon: IconCircleCheck },
  MISSING: { words: 'Missing', icon: IconAlertTriangle },
} as const;

export interface RollCallRowProps {
  readonly entry: RollCallEntry;
  /** Ticked here, and not told to the server yet. */
  readonly kept: boolean;
  readonly disabled: boolean;
  readonly onTick: (state: 'SAFE' | 'MISSING') => void;
}

/** One person with two large buttons. The last tick counts. */
export function RollCallRow({ entry, kept, disabled, onTick }: RollCallRowProps): ReactNode {
  const { name, section, state, tickedBy, tickedAt } = entry;
  const time = useVenueTime();
  const { words, icon: StateIcon } = STATES[state];
  return (
    <li className={classes.row} data-state={state}>
      <StateIcon size={22} aria-hidden />
      <div className={classes.who}>
        <b>{name}</b>
        <span>{[section, words, ...(kept ? ['not sent yet'] : [tickedBy && `by ${tickedBy}`, tickedAt && time.clock(tickedAt)])].filter(Boolean).join(' · ')}</span>
      </div>
      <UnstyledButton className={`${classes.tick} no-print`} data-kind="safe" aria-pressed={state === 'SAFE'} aria-label={`${name} is safe`} disabled={disabled} onClick={() => onTick('SAFE')}>Safe</UnstyledButton>
      <UnstyledButton className={`${classes.tick} no-print`} data-kind="missing" aria-pressed={state === 'MISSING'} aria-label={`${name} is missing`} disabled={disabled} onClick={() => onTick('MISSING')}>Missing</UnstyledButton>
    </li>
  );
}
