import type { Action } from '@clms/client/journal';
import { use, useCallback, useSyncExternalStore } from 'react';
import { JournalContext } from './journal-provider.tsx';

const SCANS = '/api/scans';
const NONE: readonly Action[] = [];
const never = () => () => {};

/** Commands of this computer: those kept and the last ones done, oldest first. */
export function useJournalActions(): readonly Action[] {
  const journal = use(JournalContext);
  return useSyncExternalStore(journal?.subscribe ?? never, journal?.getSnapshot ?? (() => NONE));
}

/** Scans of this computer among them. */
export function useScanActions(): readonly Action[] {
  return useJournalActions().filter(({ path }) => path === SCANS);
}

/** How many scans wait for the server. What is being sent for the first time does not count: the figure would flicker with every scan. */
export function useKeptScans(): number {
  const kept = useScanActions().flatMap(({ progress }) => (progress.state === 'kept' ? [progress] : []));
  return kept.some(({ attempts }) => attempts > 0) ? kept.length : 0;
}

/** Records a scan of a station: it is kept first, then sent. Null until the journal is open. */
export function useRecordScan(station: string): ((barcode: string, intent?: string) => Promise<Action>) | null {
  const journal = use(JournalContext);
  const record = useCallback(
    (barcode: string, intent?: string) => {
      if (!journal) throw new Error('the journal is not open');
      return journal.record(station, { method: 'POST', path: SCANS, stamped: true, body: { barcode: barcode.trim(), station, ...(intent !== undefined && { intent }) } });
    },
    [journal, station],
  );
  return journal ? record : null;
}
