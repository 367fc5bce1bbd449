import type { EmergencyAlert } from '@clms/protocol';
import { useRealtimeClient, useTopic } from '@clms/client/react';
import { useEffect } from 'react';

/** The emergency that is on, if one is. The server is told that this screen showed it. */
export function useActiveEmergency(): EmergencyAlert | undefined {
  const { state } = useTopic('emergency');
  const client = useRealtimeClient();
  const active = state.find((alert) => alert.state === 'ACTIVE');
  const id = active?.id;
  useEffect(() => {
    if (id !== undefined) client.sendMessage({ type: 'ack', data: { id, state: 'seen' } });
  }, [client, id]);
  return active;
}
