import { RealtimeClient, type GetToken } from '@clms/client';
import { WebSocketProvider } from '@clms/client/react';
import { useMemo, useSyncExternalStore, type ReactNode } from 'react';
import { DRAW_EVERY_MS } from '../live/draw-every.ts';
import { EmergencyProvider } from '../emergency/emergency-context.tsx';
import { EmergencyScreen } from '../emergency/emergency-screen.tsx';
import { FreshOnReturn } from '../live/fresh-on-return.tsx';
import { JournalProvider } from '../scanning/journal-provider.tsx';
import { VenueProvider } from '../venue/venue-context.tsx';
import type { DeviceSession, PairedDevice } from './device-session.ts';
import { PairingPage } from './pairing-page.tsx';
import { useWakeLock } from './use-wake-lock.ts';

export interface DeviceAreaProps {
  readonly session: DeviceSession;
  readonly children: (device: PairedDevice) => ReactNode;
}

/** What stands around a kiosk or a display: pairing, its own live connection and journal, the emergency screen, and no sleep. */
export function DeviceArea({ session, children }: DeviceAreaProps): ReactNode {
  const device = useSyncExternalStore(session.subscribe, session.getDevice);
  useWakeLock();
  return device ? <PairedArea key={device.id} session={session} device={device}>{children}</PairedArea> : <PairingPage session={session} />;
}

function PairedArea({ session, device, children }: DeviceAreaProps & { readonly device: PairedDevice }): ReactNode {
  const { getToken, client } = useMemo(() => {
    const ask: GetToken = (reason) => session.token(reason === 'rejected');
    return { getToken: ask, client: new RealtimeClient({ getToken: ask, scope: `device-${device.id}` }) };
  }, [session, device.id]);
  return (
    <WebSocketProvider client={client} paceMs={DRAW_EVERY_MS}>
      <FreshOnReturn />
      <VenueProvider api={session.api}>
        <JournalProvider name={`clms-device-${device.id}`} getToken={getToken}>
          <EmergencyProvider audience="device" owner={device.id}>
            {children(device)}
            <EmergencyScreen />
          </EmergencyProvider>
        </JournalProvider>
      </VenueProvider>
    </WebSocketProvider>
  );
}
