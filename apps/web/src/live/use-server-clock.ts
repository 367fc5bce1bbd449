import { useRealtimeClient } from '@clms/client/react';
import { useCallback } from 'react';

/** The server's time in milliseconds, asked when it is needed; for what is drawn every second there is `useServerNow`. */
export function useServerClock(): () => number {
  const client = useRealtimeClient();
  return useCallback(() => client.serverNow(), [client]);
}
