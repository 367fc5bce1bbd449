import { WebSocketProvider } from '@clms/client/react';
import { useEffect, type ReactNode } from 'react';
import { api } from '../api/api.ts';
import { queryClient } from '../api/query-client.ts';
import { liveClient } from '../live/live-client.ts';
import { Shell } from '../shell/shell.tsx';
import { VenueProvider } from '../venue/venue-context.tsx';
import { ServerAway } from './server-away.tsx';
import { useSession } from './use-session.ts';

/** What stands around every page for staff: the live connection and the shell, for one user at a time. */
export function StaffArea(): ReactNode {
  const state = useSession();
  const userId = state.state === 'signed_in' ? state.user.id : undefined;
  useEffect(() => {
    if (userId === undefined) return undefined;
    liveClient.reauthenticate();
    // What one user saw must not be on screen for the next.
    return () => queryClient.clear();
  }, [userId]);
  if (state.state === 'unknown') return <ServerAway />;
  if (userId === undefined) return null;
  return (
    <WebSocketProvider client={liveClient}>
      <VenueProvider api={api}>
        <Shell key={userId} />
      </VenueProvider>
    </WebSocketProvider>
  );
}
