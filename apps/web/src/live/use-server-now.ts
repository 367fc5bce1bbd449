import { useRealtimeClient } from '@clms/client/react';
import { useEffect, useState } from 'react';

/** The server's time in milliseconds, drawn anew every `everyMs`. Countdowns use it: the computer's clock may be wrong. */
export function useServerNow(everyMs = 1_000): number {
  const client = useRealtimeClient();
  const [now, setNow] = useState(() => client.serverNow());
  useEffect(() => {
    const read = () => setNow(client.serverNow());
    read();
    const timer = setInterval(read, everyMs);
    return () => clearInterval(timer);
  }, [client, everyMs]);
  return now;
}
