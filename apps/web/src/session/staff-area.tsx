import type { GetToken } from '@clms/client';
import { WebSocketProvider } from '@clms/client/react';
import { useEffect, type ReactNode } from 'react';
import { EmergencyProvider } from '../emergency/emergency-context.tsx';
import { FreshOnReturn } from '../live/fresh-on-return.tsx';
import { api } from '../api/api.ts';
import { queryClient } from '../api/query-client.ts';
import { DRAW_EVERY_MS } from '../live/draw-every.ts';
import { liveClient } from '../live/live-client.ts';
import { JournalProvider } from '../scanning/journal-provider.tsx';
import { Shell } from '../shell/shell.tsx';
import { VenueProvider } from '../venue/venue-context.tsx';
import { session } from './session-store.ts';
import { ServerAway } from './server-away.tsx';
import { useSession } from './use-session.ts';

const staffToken: GetToken = (reason) => session.token({ renew: reason !== 'connect' });

/** Whom the live connection last spoke for. It outlives this component. */
let connectedAs: string | undefined;

/** What stands around every page for staff: the live connection and the shell, for one user at a time. */
export default function StaffArea(): ReactNode {
  const state = useSession();
  const userId = state.state === 'signed_in' ? state.user.id : undefined;
  useEffect(() => {
    if (userId === undefined) return undefined;
    // Only for another user: whoever comes first is connected by the provider, and a second start would open a second socket.
    if (connectedAs !== undefined && connectedAs !== userId) liveClient.reauthenticate();
    connectedAs = userId;
    // What one user saw must not be on screen for the next.
    return () => queryClient.clear();
  }, [userId]);
  if (state.state === 'unknown') return <ServerAway />;
  if (userId === undefined) return null;
  return (
    <WebSocketProvider client={liveClient} paceMs={DRAW_EVERY_MS}>
      <FreshOnReturn />
      <VenueProvider api={api}>
        <JournalProvider name={`clms-desk-${userId}`} getToken={staffToken}>
          <EmergencyProvider key={userId} audience="staff" owner={userId}>
            <Shell />
          </EmergencyProvider>
        </JournalProvider>
      </VenueProvider>
    </WebSocketProvider>
  );
}
