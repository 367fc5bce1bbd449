import type { ClientEnvelope } from '@clms/protocol';
import { useCallback, useEffect, useRef } from 'react';
import type { Cancel } from '../clock.ts';
import { useClientContext } from './client-context.ts';

/**
 * Sends the last of several messages that follow each other within `delayMs`. One that still waits when the component goes is sent then:
 * it is the user's last word.
 */
export function useDebouncedSend(delayMs = 250): (message: ClientEnvelope) => void {
  const { client } = useClientContext();
  const waiting = useRef<{ readonly message: ClientEnvelope; readonly cancel: Cancel } | null>(null);
  const flush = useCallback(() => {
    const last = waiting.current;
    waiting.current = null;
    last?.cancel();
    if (last) client.sendMessage(last.message);
  }, [client]);
  useEffect(() => flush, [flush]);
  return useCallback(
    (message) => {
      waiting.current?.cancel();
      waiting.current = { message, cancel: client.afterMs(delayMs, flush) };
    },
    [client, delayMs, flush],
  );
}
