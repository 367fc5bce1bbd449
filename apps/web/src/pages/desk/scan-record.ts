import type { Action } from '@clms/client/journal';
import type { ScanAnswer } from '../../api/scan.ts';

/** A scan of this desk, as the strip shows it. */
export type ScanRecord = { readonly id: string; readonly barcode: string; readonly scannedAt: number } & (
  | { readonly state: 'kept'; readonly held: boolean }
  | { readonly state: 'answered'; readonly answer: ScanAnswer; readonly doneAt: number }
  | { readonly state: 'failed'; readonly message: string }
);

/** Reads the journal's entries of one station, newest first. */
export function scanRecords(actions: readonly Action[], station: string): readonly ScanRecord[] {
  const own = actions.filter(({ workstation }) => workstation === station);
  // Scans go out in order: while the first one cannot, the others behind it wait too.
  const held = own.some(({ progress }) => progress.state === 'kept' && progress.attempts > 0);
  return own.map((action) => toRecord(action, held)).toReversed();
}

function toRecord({ id, body, scannedAt, progress }: Action, held: boolean): ScanRecord {
  const base = { id, barcode: String(body?.['barcode'] ?? ''), scannedAt };
  if (progress.state === 'kept') return { ...base, state: 'kept', held };
  const { outcome } = progress;
  if (outcome.kind === 'applied' || outcome.kind === 'duplicate') return { ...base, state: 'answered', answer: outcome.body as ScanAnswer, doneAt: progress.doneAt };
  if (outcome.kind === 'expired') return { ...base, state: 'failed', message: 'Too old to be sent. Write it down by hand.' };
  const problem = outcome.body as { detail?: string; title?: string } | null;
  return { ...base, state: 'failed', message: problem?.detail ?? problem?.title ?? 'The server refused this scan.' };
}
