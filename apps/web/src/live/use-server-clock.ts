import { WebSocketContext } from '@clms/client/react';
import { use, useCallback } from 'react';

/** The server's time in milliseconds, asked when it is needed; for what is drawn every second there is `useServerNow`. */
export function useServerClock(): () => number {
  const client = use(WebSocketContext)?.client;
  return useCallback(() => client?.serverNow() ?? Date.now(), [client]);
}
