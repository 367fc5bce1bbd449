import { useState, type ReactNode } from 'react';
import { DeviceArea } from '../../device/device-area.tsx';
import { DeviceSession } from '../../device/device-session.ts';
import { DisplayScreen } from './display-screen.tsx';

/** The screen on the wall. */
export default function DisplayPage(): ReactNode {
  const [session] = useState(() => new DeviceSession('DISPLAY'));
  return <DeviceArea session={session}>{() => <DisplayScreen />}</DeviceArea>;
}
