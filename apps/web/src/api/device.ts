export interface Device {
  readonly id: string;
  readonly name: string;
  readonly role: 'KIOSK' | 'DISPLAY';
  readonly station: string | null;
  readonly location: string | null;
  readonly state: 'UNPAIRED' | 'PAIRED' | 'REVOKED';
  readonly pairedAt: string | null;
  readonly lastSeenAt: string | null;
  readonly version: number;
}

/** A device just added: the code is shown once. */
export interface DeviceWithCode extends Device {
  readonly code: string;
  readonly codeExpiresAt: string;
}
