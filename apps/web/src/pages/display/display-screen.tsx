import { useTopic } from '@clms/client/react';
import type { ReactNode } from 'react';
import { ConnectionChip } from '../../live/connection-chip.tsx';
import { isStale } from '../../live/is-stale.ts';
import { useAnnouncements } from '../../live/use-announcements.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { hasFreeSeat } from '../../stations/station-state.ts';
import { typeWords } from '../../stations/station-type.ts';
import { useVenue, useVenueTime } from '../../venue/venue-context.tsx';
import { DisplayStations } from './display-stations.tsx';
import { openingWords } from './opening-words.ts';
import classes from './display.module.css';

const ANNOUNCEMENTS_SHOWN = 3;

/** For a visitor four metres away: is there a place, which number is next, how long is it open. No names. */
export function DisplayScreen(): ReactNode {
  const venue = useVenue();
  const time = useVenueTime();
  const now = useServerNow();
  const dashboard = useTopic('dashboard');
  const equipment = useTopic('equipment');
  const announcements = useAnnouncements();
  const { occupancy, capacity } = dashboard.state?.metrics ?? {};
  const items = [...equipment.state.values()];
  const called = items.filter(({ claimUntil }) => claimUntil !== undefined && Date.parse(claimUntil) > now);
  const types = [...Map.groupBy(items, ({ type }) => type)].toSorted(([a], [b]) => a.localeCompare(b));
  const { today, closing } = openingWords(venue, time, now);
  return (
    <main className={classes.screen} data-testid="display">
      <header className={classes.head}>
        <h1 className={classes.venue}>{venue.venueName}</h1>
        <span className={classes.clock}>{time.day(now)} · {time.time(now)}</span>
      </header>
      <section className={classes.figures}>
        <div className={classes.figure} data-stale={isStale(dashboard.freshness)}>
          <span className={classes.label}>Places free</span>
          <Free count={occupancy === undefined || capacity === undefined ? undefined : Math.max(0, capacity - occupancy)} />
          <span className={classes.of}>{capacity === undefined ? '' : `of ${capacity}`}</span>
        </div>
        {types.map(([type, ofType]) => (
          <div key={type} className={classes.figure} data-stale={isStale(equipment.freshness)}>
            <span className={classes.label}>{typeWords(type)} free</span>
            <Free count={ofType.filter((item) => hasFreeSeat(item) && !called.includes(item)).length} />
            <span className={classes.of}>of {ofType.length}{ofType[0]!.waiting > 0 ? ` · ${ofType[0]!.waiting} waiting` : ''}</span>
          </div>
        ))}
      </section>
      {called.length > 0 && (
        <section className={classes.called} aria-label="Numbers called">
          {called.map((item) => (
            <p key={item.id}><strong>{item.claimNumber}</strong> to {item.name} <span className={classes.of}>until {time.time(item.claimUntil!)}</span></p>
          ))}
        </section>
      )}
      <DisplayStations items={items} now={now} />
      <footer className={classes.foot}>
        <div className={classes.hours} data-soon={closing.soon}>
          <strong>{today}</strong>
          <span>{closing.words}</span>
        </div>
        <div className={classes.news}>{announcements.slice(0, ANNOUNCEMENTS_SHOWN).map(({ id, message }) => <p key={id}>{message}</p>)}</div>
        <ConnectionChip />
      </footer>
    </main>
  );
}

/** Undefined = not known yet. */
function Free({ count }: { readonly count: number | undefined }): ReactNode {
  return <span className={classes.number} data-none={count === 0}>{count ?? '–'}</span>;
}
