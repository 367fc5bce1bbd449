import type { Freshness } from '@clms/client';
import type { EmergencyAlert } from '@clms/protocol';
import { Alert, Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconCloudOff, IconPrinter, IconSearch } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { use, useState, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { useServerClock } from '../../live/use-server-clock.ts';
import { isStale } from '../../live/is-stale.ts';
import { JournalContext } from '../../scanning/journal-provider.tsx';
import { useJournalActions } from '../../scanning/use-scan-journal.ts';
import { announceError } from '../../shell/announce-change.tsx';
import { PageHead } from '../../shell/page-head.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { HoldButton } from './hold-button.tsx';
import { RollCallCounts } from './roll-call-counts.tsx';
import { RollCallRow } from './roll-call-row.tsx';
import { entriesByLocation, type RollCallEntry, type ShownEntries } from './roll-call-entries.ts';
import { TICK_LANE, tickPath, ticksOf, withKeptTicks, type TickState } from './roll-call-ticks.ts';
import classes from './emergency.module.css';

/** Everybody who was inside, by place. Several wardens tick at once; each sees the ticks of the others. */
export function RollCall({ alert, freshness }: { readonly alert: EmergencyAlert; readonly freshness: Freshness }): ReactNode {
  const time = useVenueTime();
  const [text, setText] = useState('');
  const [shown, setShown] = useState<ShownEntries>('all');
  const journal = use(JournalContext);
  const serverNow = useServerClock();
  const { entries, counts, kept } = withKeptTicks(alert, ticksOf(useJournalActions()));
  // By the journal, whether the server is there or not: a tick is on this computer's disk before the finger is off the button.
  const tick = ({ personId }: RollCallEntry, state: TickState) =>
    journal?.record(TICK_LANE, { method: 'POST', path: tickPath(alert.id, personId), body: { state, tickedAt: new Date(serverNow()).toISOString() } }).catch(announceError);
  const clear = useMutation({ mutationFn: () => api.post(`/api/emergencies/${alert.id}/all-clear`), onError: announceError });
  const stale = isStale(freshness);
  const groups = entriesByLocation(entries, text, shown);
  return (
    <section aria-label="Roll-call">
      <p className={classes.printHead}>{[alert.message, alert.location, `raised ${time.full(alert.raisedAt)}${alert.raisedBy ? ` by ${alert.raisedBy}` : ''}`].filter(Boolean).join(' · ')}</p>
      <PageHead title="Roll-call" lead="Everybody who was inside. Wardens see each other’s ticks.">
        <Button className="no-print" variant="default" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>Print</Button>
      </PageHead>
      {stale && (
        <Alert color="gray" icon={<IconCloudOff size={20} />} mb="md" title="The server is away">
          This is the list as of {freshness.provenAt ? time.clock(freshness.provenAt) : 'the last contact'}. Ticks go on: they are kept on this computer and sent when the server is back. Other wardens do not see them until then.
          {kept.size > 0 && ` ${kept.size} ${kept.size === 1 ? 'tick is' : 'ticks are'} kept.`}
        </Alert>
      )}
      {counts && <RollCallCounts counts={counts} />}
      <div className={`${classes.filters} no-print`}>
        <TextInput aria-label="Find in the roll-call" placeholder="Name or section" leftSection={<IconSearch size={16} />} maxLength={80} value={text} onChange={(event) => setText(event.currentTarget.value)} />
        <SegmentedControl data={[{ value: 'all', label: 'All' }, { value: 'UNACCOUNTED', label: 'Open' }, { value: 'MISSING', label: 'Missing' }, { value: 'SAFE', label: 'Safe' }]} value={shown} onChange={(value) => setShown(value as ShownEntries)} />
      </div>
      {groups.length === 0 && <p className={classes.nobody}>{entries.length === 0 ? 'Nobody was inside when it was raised.' : 'Nobody in this part of the list.'}</p>}
      {groups.map(([location, ofPlace]) => (
        <section key={location} className={classes.place} aria-label={location}>
          <h2>{location} <span>{ofPlace.length}</span></h2>
          <ul>
            {ofPlace.map((entry) => <RollCallRow key={entry.personId} entry={entry} kept={kept.has(entry.personId)} disabled={journal === null} onTick={(state) => void tick(entry, state)} />)}
          </ul>
        </section>
      ))}
      <div className={`${classes.allClear} no-print`}>
        <HoldButton label="Hold for the all-clear" busy={clear.isPending} onHeld={() => clear.mutate()} />
      </div>
    </section>
  );
}
