import { useState, type ReactNode } from 'react';
import { DeviceArea } from '../../device/device-area.tsx';
import { DeviceSession } from '../../device/device-session.ts';
import { KioskScreen } from './kiosk-screen.tsx';

/** The scanner at the door. Starts again into itself after a reload or a power cut. */
export default function KioskPage(): ReactNode {
  const [session] = useState(() => new DeviceSession('KIOSK'));
  return <DeviceArea session={session}>{(device) => <KioskScreen device={device} session={session} />}</DeviceArea>;
}
