import type { ActionOutcome } from '@clms/client/journal';
import { use, useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import type { ScanAnswer } from '../../api/scan.ts';
import { useServerClock } from '../../live/use-server-clock.ts';
import { JournalContext } from '../../scanning/journal-provider.tsx';
import { KeyReader } from '../../scanning/key-reader.ts';
import { isTypingTarget } from '../../scanning/typing-target.ts';
import { useRecordScan } from '../../scanning/use-scan-journal.ts';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { playErrorSound } from './error-sound.ts';
import { failedView, keptView, viewOfAnswer, type KioskView } from './kiosk-view.ts';
import { ResultQueue, type QueueState } from './result-queue.ts';

/** No answer by then: the child is told that the scan is kept, and may go on. */
const ANSWER_WAIT_MS = 1_500;

const setTimer = (delayMs: number, fire: () => void): (() => void) => {
  const timer = setTimeout(fire, delayMs);
  return () => clearTimeout(timer);
};

/** Takes the scans of the door and shows what became of each, in order. */
export function useKioskScans(station: string): QueueState {
  const [queue] = useState(() => new ResultQueue({ now: () => performance.now(), setTimer }));
  const journal = use(JournalContext);
  const record = useRecordScan(station);
  const time = useVenueTime();
  const serverNow = useServerClock();

  const show = (view: KioskView) => {
    if (view.tone === 'problem') playErrorSound();
    queue.push(view);
  };
  const onScan = useEffectEvent(async (barcode: string): Promise<void> => {
    if (!record || !journal) return show(failedView(barcode, 'One moment, this kiosk is starting.'));
    try {
      const { id } = await record(barcode);
      const outcome = await Promise.race([journal.outcome(id), new Promise<undefined>((resolve) => setTimeout(resolve, ANSWER_WAIT_MS))]);
      show(outcome ? viewOfOutcome(id, outcome) : keptView(id, time.time(serverNow())));
    } catch {
      // Neither sent nor kept: the storage of this computer is full. Saying so is all that can be done.
      show(failedView(barcode, 'This scan could not be kept.'));
    }
  });

  useEffect(() => {
    const reader = new KeyReader({ setTimer, onReading: (reading) => reading.kind === 'scan' && void onScan(reading.text) });
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTypingTarget(event.target)) return;
      if (reader.press(event.key, event.timeStamp)) event.preventDefault();
    };
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, []);
  useEffect(() => () => queue.close(), [queue]);
  return useSyncExternalStore(queue.subscribe, queue.getState);
}

function viewOfOutcome(id: string, outcome: ActionOutcome): KioskView {
  if (outcome.kind === 'applied' || outcome.kind === 'duplicate') return viewOfAnswer(id, outcome.body as ScanAnswer);
  return failedView(id, 'This scan could not be counted.');
}
