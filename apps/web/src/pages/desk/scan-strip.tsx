import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { announceError } from '../../shell/announce-change.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import type { ScanRecord } from './scan-record.ts';
import { scanWords } from './scan-words.ts';
import { undoOf } from './undo-scan.ts';
import classes from './desk.module.css';

/** The last ten scans, newest first, each with its undo. */
export function ScanStrip({ records }: { readonly records: readonly ScanRecord[] }): ReactNode {
  return (
    <ol className={classes.strip} aria-label="Last scans" data-testid="scan-strip">
      {records.map((record) => <StripEntry key={record.id} record={record} />)}
    </ol>
  );
}

function StripEntry({ record }: { readonly record: ScanRecord }): ReactNode {
  const time = useVenueTime();
  const queries = useQueryClient();
  const [undone, setUndone] = useState(false);
  const undo = record.state === 'answered' ? undoOf(record.answer) : undefined;
  const takeBack = useMutation({
    mutationFn: () => undo!(),
    onSuccess: () => setUndone(true),
    onError: announceError,
    onSettled: () => queries.invalidateQueries({ queryKey: ['desk'] }),
  });
  const { tone, who, what } = words(record);
  return (
    <li className={classes.scan} data-tone={tone}>
      <span className={classes.scanWho} title={who}>{who}</span>
      <span>{undone ? 'Taken back' : what}</span>
      <span className={classes.scanFoot}>
        {time.clock(record.scannedAt)}
        {undo && !undone && <Button size="compact-xs" variant="subtle" loading={takeBack.isPending} onClick={() => takeBack.mutate()}>Undo</Button>}
      </span>
    </li>
  );
}

function words(record: ScanRecord): { readonly tone: string; readonly who: string; readonly what: string } {
  if (record.state === 'kept') return { tone: 'kept', who: record.barcode, what: record.held ? 'Kept, not sent yet' : 'Sending…' };
  if (record.state === 'failed') return { tone: 'refused', who: record.barcode, what: record.message };
  const { answer } = record;
  const { tone, title } = scanWords(answer);
  return { tone, who: answer.book?.title ?? answer.person?.name ?? answer.equipment?.name ?? record.barcode, what: title };
}
