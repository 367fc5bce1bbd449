import { useConnection } from '@clms/client/react';
import { Alert, Button, Kbd, Text, Title } from '@mantine/core';
import { IconCloudOff, IconScan, IconSearch } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';
import { messageOf } from '../../api/api-error.ts';
import { useKeptScans, useRecordScan, useScanActions } from '../../scanning/use-scan-journal.ts';
import { useScans } from '../../scanning/use-page-keys.ts';
import { announceError } from '../../shell/announce-change.tsx';
import { shellDialogs } from '../../shell/shell-dialogs.ts';
import { useWorkstation } from '../../shell/workstation.ts';
import { useVenue, useVenueTime } from '../../venue/venue-context.tsx';
import { DeskPersonCard } from './desk-person-card.tsx';
import { HowToScan } from './how-to-scan.tsx';
import { NextActions } from './next-actions.tsx';
import { ScanOutcome } from './scan-outcome.tsx';
import { ScanStrip } from './scan-strip.tsx';
import { scanRecords } from './scan-record.ts';
import { useDeskPerson } from './use-desk-person.ts';
import classes from './desk.module.css';

const STRIP_LENGTH = 10;

/** Who is in front of me, and what next? Cards and books are scanned from wherever the focus is. */
export default function DeskPage(): ReactNode {
  const { locations } = useVenue();
  const time = useVenueTime();
  const { location, station } = useWorkstation(locations);
  const { scan, person: chosenPerson } = useSearch({ strict: false }) as { scan?: string; person?: string };
  const navigate = useNavigate();
  const record = useRecordScan(station);
  const { isConnected } = useConnection();
  const kept = useKeptScans();
  const records = scanRecords(useScanActions(), station);

  const take = (barcode: string) => {
    // A scan takes the place of a person that was looked up.
    void navigate({ to: '/desk', search: {} as never, replace: true });
    record?.(barcode).catch(announceError);
  };
  useScans(take, record !== null);
  // A barcode that came with the address was scanned on another page; it counts once, also when the page is drawn twice.
  const taken = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (scan === undefined || record === null || taken.current === scan) return;
    taken.current = scan;
    take(scan);
  });

  const last = records.find(({ state }) => state === 'answered');
  const newest = records[0];
  // Whose card it is nobody knows before the server answers: the one before must not be taken for whoever stands here now.
  const unanswered = chosenPerson === undefined && newest?.state === 'kept' && (newest.held || !isConnected) ? newest : undefined;
  const answer = last?.state === 'answered' && !unanswered ? last.answer : undefined;
  const personId = chosenPerson ?? answer?.person?.id ?? answer?.visit?.studentId ?? undefined;
  const { deskPerson, error } = useDeskPerson(personId);
  const showsAnswer = chosenPerson === undefined && answer !== undefined;

  return (
    <div className={classes.page}>
      {!isConnected && (
        <Alert color="gray" icon={<IconCloudOff size={20} />} title="The server is away; scanning goes on">
          Every scan is kept on this computer with its time and sent when the server is back.{kept > 0 ? ` ${kept} ${kept === 1 ? 'scan is' : 'scans are'} kept.` : ''}
        </Alert>
      )}
      <div className={classes.halves}>
        {deskPerson ? <DeskPersonCard deskPerson={deskPerson} /> : (
          <section className={classes.idle}>
            <IconScan size={56} stroke={1.2} />
            <Title order={1}>{unanswered ? unanswered.barcode : 'Scan a card'}</Title>
            {unanswered
              ? <Text c="dimmed">Kept {time.clock(unanswered.scannedAt)}. Whose it is will be told when the server is back.</Text>
              : <Button variant="default" mt="xs" leftSection={<IconSearch size={16} />} rightSection={<Kbd>/</Kbd>} onClick={() => shellDialogs.open('search')}>Find somebody by name</Button>}
            {error && <Text c="red">{messageOf(error)}</Text>}
          </section>
        )}
        <section className={classes.next} aria-label="What next">
          {showsAnswer && <ScanOutcome key={last!.id} answer={answer} location={location} />}
          {deskPerson && <NextActions deskPerson={deskPerson} location={location} />}
          {!deskPerson && !showsAnswer && <HowToScan location={location} />}
          {deskPerson && <Text c="dimmed" size="sm" mt="auto">Scan a book now to lend it. A lent book scanned on its own comes back.</Text>}
        </section>
      </div>
      <ScanStrip records={records.slice(0, STRIP_LENGTH)} />
    </div>
  );
}
