import type { Equipment } from '@clms/protocol';
import type { CSSProperties, ReactNode } from 'react';
import { StationIcon } from '../../stations/station-icon.tsx';
import { byName, stationState, STATE_WORDS, type StationState } from '../../stations/station-state.ts';
import { minutesLeft } from '../../venue/venue-time.ts';
import classes from './display.module.css';

/** In the height that is left on a wall: five rows, as long as the columns stay wide enough to be read. */
const ROWS = 5;
const COLUMNS = { fewest: 4, most: 10 } as const;

/** The board without names: each station with its state, and the minutes until it is free. */
export function DisplayStations({ items, now }: { readonly items: readonly Equipment[]; readonly now: number }): ReactNode {
  const columns = Math.min(COLUMNS.most, Math.max(COLUMNS.fewest, Math.ceil(items.length / ROWS)));
  return (
    <section className={classes.stations} style={{ '--columns': columns } as CSSProperties} aria-label="Stations">
      {items.toSorted(byName).map((item) => {
        const state = stationState(item, now);
        return (
          <div key={item.id} className={classes.station} data-state={state}>
            <span className={classes.stationName}>{item.name}</span>
            <span className={classes.stationState}><StationIcon state={state} size={22} />{words(item, state, now)}</span>
          </div>
        );
      })}
    </section>
  );
}

function words(item: Equipment, state: StationState, now: number): string {
  if (state === 'claimed') return `For ${item.claimNumber}`;
  // A visitor needs to know that it cannot be had, not why.
  if (state === 'maintenance' || state === 'out_of_order') return 'Closed';
  if (state === 'free') return STATE_WORDS.free;
  if (item.sessions.length < item.seats) return `${item.seats - item.sessions.length} free`;
  const ends = item.sessions.flatMap(({ endsAt }) => (endsAt === null ? [] : [minutesLeft(endsAt, now)]));
  return ends.length === 0 ? STATE_WORDS.in_use : `${Math.min(...ends)} min`;
}
