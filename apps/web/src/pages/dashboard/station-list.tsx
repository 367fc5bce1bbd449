import { useTopic } from '@clms/client/react';
import type { Equipment } from '@clms/protocol';
import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { withInitial } from '../../api/person.ts';
import { isStale } from '../../live/is-stale.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { Panel } from '../../shell/panel.tsx';
import { SessionBar } from '../../stations/session-bar.tsx';
import { StationIcon } from '../../stations/station-icon.tsx';
import { byName, stationState, STATE_WORDS, waitingAt } from '../../stations/station-state.ts';
import { useVenueTime } from '../../venue/venue-context.tsx';
import classes from './station-list.module.css';

/** Every station on one line: its bar, or what keeps it from being used. */
export function StationList(): ReactNode {
  const { state, freshness, status } = useTopic('equipment');
  const now = useServerNow();
  const items = [...state.values()].toSorted(byName);
  const waiting = waitingAt(items);
  return (
    <Panel title="Stations" testId="station-list" aside={<Anchor component={Link} to="/equipment" size="sm">Board</Anchor>}>
      {status.state === 'ready' && items.length === 0 && <EmptyState title="No stations yet">Add computers, consoles and rooms on the equipment page.</EmptyState>}
      {items.length > 0 && <ul className={classes.list} tabIndex={0} aria-label="Stations" data-stale={isStale(freshness)}>{items.map((item) => <StationRow key={item.id} item={item} now={now} waiting={waiting.get(item.id)} />)}</ul>}
    </Panel>
  );
}

function StationRow({ item, now, waiting }: { readonly item: Equipment; readonly now: number; readonly waiting: number | undefined }): ReactNode {
  const time = useVenueTime();
  const state = stationState(item, now);
  const words = state === 'claimed' ? `Kept for number ${item.claimNumber} until ${time.time(item.claimUntil!)}` : [STATE_WORDS[state], state === 'free' ? undefined : item.statusReason].filter(Boolean).join(' · ');
  // Of a room the session that ends first; the others stand on the board.
  const next = item.sessions.toSorted((a, b) => (a.endsAt ?? '9').localeCompare(b.endsAt ?? '9'))[0];
  return (
    <li className={classes.row}>
      <span className={classes.name}>{item.name}</span>
      {next && state === 'in_use' ? (
        <>
          <SessionBar startedAt={next.startedAt} endsAt={next.endsAt} now={now} />
          <span className={classes.who} title={next.studentName}>
            {item.seats > 1 ? `${item.sessions.length} of ${item.seats}` : <Name name={next.studentName ?? ''} />}
            {waiting !== undefined && <span className={classes.waiting}> · {waiting} wait</span>}
          </span>
        </>
      ) : (
        <span className={classes.state} data-state={state} title={words}>
          <StationIcon state={state} size={14} />
          <span className={classes.stateWords}>{words}</span>
        </span>
      )}
    </li>
  );
}

/** With the initial where the row is too narrow for the given name. */
function Name({ name }: { readonly name: string }): ReactNode {
  return (
    <>
      <span className={classes.short}>{withInitial(name)}</span>
      <span className={classes.full}>{name}</span>
    </>
  );
}
