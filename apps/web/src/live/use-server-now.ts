import { use, useEffect, useState } from 'react';
import { WebSocketContext } from '@clms/client/react';

/** The server's time in milliseconds, drawn anew every `everyMs`. Countdowns use it: the computer's clock may be wrong. */
export function useServerNow(everyMs = 1_000): number {
  const client = use(WebSocketContext)?.client;
  const [now, setNow] = useState(() => client?.serverNow() ?? Date.now());
  useEffect(() => {
    const read = () => setNow(client?.serverNow() ?? Date.now());
    read();
    const timer = setInterval(read, everyMs);
    return () => clearInterval(timer);
  }, [client, everyMs]);
  return now;
}
