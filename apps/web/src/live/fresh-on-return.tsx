import { useRealtimeClient } from '@clms/client/react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/**
 * Asks anew for what is on the screen once the server is back: topics catch up by themselves, answers of the HTTP API do not. Screens come
 * back spread over time, so they do not ask all at once.
 */
export function FreshOnReturn(): null {
  const client = useRealtimeClient();
  const queries = useQueryClient();
  useEffect(() => {
    let away = false;
    return client.onState(({ state }) => {
      if (state === 'waiting') away = true;
      if (state !== 'live' || !away) return;
      away = false;
      void queries.invalidateQueries();
    });
  }, [client, queries]);
  return null;
}
