import type { Equipment } from '@clms/protocol';
import { Button } from '@mantine/core';
import { useState, type DragEvent, type ReactNode } from 'react';
import { useVenueTime } from '../venue/venue-context.tsx';
import { SessionBar } from './session-bar.tsx';
import { StationIcon } from './station-icon.tsx';
import { hasFreeSeat, stationState, STATE_WORDS } from './station-state.ts';
import { useSessionActions } from './use-session-actions.ts';
import classes from './station-card.module.css';

export interface StationCardProps {
  readonly item: Equipment;
  readonly now: number;
  /** How many wait for this one, when they get in here first. */
  readonly waiting?: number | undefined;
  /** A person was dropped here, or "Start" pressed. */
  readonly onStart: (item: Equipment) => void;
  readonly onOpen: (item: Equipment) => void;
}

/** A station on the board: state as icon and word, who uses it, how long still. */
export function StationCard({ item, now, waiting, onStart, onOpen }: StationCardProps): ReactNode {
  const time = useVenueTime();
  const { extend, end } = useSessionActions();
  const [over, setOver] = useState(false);
  const state = stationState(item, now);
  const accepts = hasFreeSeat(item);
  const drop = accepts && {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      onStart(item);
    },
  };
  return (
    <article className={classes.card} data-state={state} data-over={over} data-testid="station-card" {...drop}>
      <header className={classes.head}>
        <button type="button" className={classes.name} onClick={() => onOpen(item)} title={`Details of ${item.name}`}>{item.name}</button>
        <span className={classes.state}><StationIcon state={state} />{item.seats > 1 && accepts ? `${item.seats - item.sessions.length} free` : STATE_WORDS[state]}</span>
      </header>
      {state === 'claimed' && <p className={classes.note}>For number {item.claimNumber} until {time.time(item.claimUntil!)}</p>}
      {item.statusReason && (state === 'maintenance' || state === 'out_of_order') && <p className={classes.note}>{item.statusReason}</p>}
      {item.sessions.map((session) => (
        <div key={session.id} className={classes.session}>
          <span className={classes.person}>{session.studentName ?? 'Somebody'}</span>
          <SessionBar startedAt={session.startedAt} endsAt={session.endsAt} now={now} until={session.endsAt === null ? undefined : time.time(session.endsAt)} />
          <div className={classes.actions}>
            <Button size="compact-xs" variant="default" loading={extend.isPending} disabled={session.endsAt === null} onClick={() => extend.mutate({ sessionId: session.id, station: item.name })}>+15 min</Button>
            <Button size="compact-xs" variant="default" loading={end.isPending} onClick={() => end.mutate({ sessionId: session.id, station: item.name })}>End</Button>
          </div>
        </div>
      ))}
      {waiting !== undefined && <p className={classes.note}>{waiting} waiting</p>}
      {accepts && <Button className={classes.start} size="compact-sm" variant={item.sessions.length === 0 ? 'light' : 'subtle'} onClick={() => onStart(item)}>{item.sessions.length === 0 ? 'Start' : 'Add'}</Button>}
    </article>
  );
}
