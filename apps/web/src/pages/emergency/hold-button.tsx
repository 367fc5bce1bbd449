import { UnstyledButton } from '@mantine/core';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import classes from './emergency.module.css';

/** Long enough that no touch in passing raises an alarm. */
const HOLD_MS = 1_000;

export interface HoldButtonProps {
  readonly label: string;
  readonly busy: boolean;
  readonly onHeld: () => void;
}

/** Acts when pressed for a second, by finger, mouse or space bar. Enter does nothing: it never triggers what cannot be undone. */
export function HoldButton({ label, busy, onHeld }: HoldButtonProps): ReactNode {
  const [holding, setHolding] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const stop = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    setHolding(false);
  };
  const start = () => {
    if (busy || timer.current !== undefined) return;
    setHolding(true);
    timer.current = setTimeout(() => {
      stop();
      onHeld();
    }, HOLD_MS);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') event.preventDefault();
    if (event.key !== ' ') return;
    event.preventDefault();
    if (!event.repeat) start();
  };
  return (
    <UnstyledButton
      className={classes.hold}
      data-holding={holding}
      disabled={busy}
      onPointerDown={start}
      onPointerUp={stop}
      onPointerLeave={stop}
      onPointerCancel={stop}
      onKeyDown={onKeyDown}
      onKeyUp={stop}
      onBlur={stop}
      onContextMenu={(event) => event.preventDefault()}
    >
      <span className={classes.holdText}>{busy ? 'Sending…' : label}</span>
    </UnstyledButton>
  );
}
