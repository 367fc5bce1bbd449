import type { Severity } from '@clms/protocol';
import { IconAmbulance, IconDoorExit, IconFlame, IconLock, IconWaveSine, type Icon } from '@tabler/icons-react';

export interface EmergencyKind {
  readonly label: string;
  /** What every screen says. */
  readonly message: string;
  readonly severity: Severity;
  readonly icon: Icon;
}

export const EMERGENCY_KINDS: readonly EmergencyKind[] = [
  { label: 'Fire', message: 'Fire. Leave the building now by the nearest exit.', severity: 'CRITICAL', icon: IconFlame },
  { label: 'Earthquake', message: 'Earthquake. Duck, cover and hold; then leave calmly by the nearest exit.', severity: 'CRITICAL', icon: IconWaveSine },
  { label: 'Lockdown', message: 'Lockdown. Stay inside, away from doors and windows, and be quiet.', severity: 'CRITICAL', icon: IconLock },
  { label: 'Evacuation', message: 'Please leave the building now by the nearest exit.', severity: 'HIGH', icon: IconDoorExit },
  { label: 'Medical', message: 'Medical emergency. Keep the way to the door free.', severity: 'HIGH', icon: IconAmbulance },
];
