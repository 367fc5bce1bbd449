import { createApiClient, type ApiClient } from '../api/api-client.ts';
import { offline } from '../api/api-error.ts';

export type DeviceRole = 'KIOSK' | 'DISPLAY';

export interface PairedDevice {
  readonly id: string;
  readonly name: string;
  readonly role: DeviceRole;
  readonly station: string | null;
  readonly location: string | null;
}

interface Pairing {
  readonly deviceToken: string;
  readonly device: PairedDevice;
}

const KEYS: Readonly<Record<DeviceRole, string>> = { KIOSK: 'clms.kiosk', DISPLAY: 'clms.display' };

/**
 * What a kiosk or a display is to the server: a device with a token of its own, which lasts until it is revoked. It has nothing to do with
 * the sessions of people, so that a librarian who signs out does not stop the door.
 */
export class DeviceSession {
  readonly role: DeviceRole;
  readonly api: ApiClient;
  #pairing: Pairing | undefined;
  readonly #listeners = new Set<() => void>();

  constructor(role: DeviceRole) {
    this.role = role;
    this.#pairing = read(role);
    this.api = createApiClient(async ({ renew }) => (renew ? this.#afterRefusal() : (this.#pairing?.deviceToken ?? null)));
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly getDevice = (): PairedDevice | undefined => this.#pairing?.device;

  /** Trades the code for a token. Resolves to the device, which may be of the other role: then that role's page is its place. */
  async pair(code: string): Promise<PairedDevice> {
    const open = createApiClient(() => Promise.resolve(null));
    const pairing = await open.post<Pairing>('/api/devices/pair', { code: code.trim().toUpperCase() });
    localStorage.setItem(KEYS[pairing.device.role], JSON.stringify(pairing));
    if (pairing.device.role === this.role) this.#set(pairing);
    return pairing.device;
  }

  /** Forgets the token on this computer. Revoking it on the server is an administrator's. */
  forget(): void {
    localStorage.removeItem(KEYS[this.role]);
    this.#set(undefined);
  }

  /** For the live connection: the token, or null once the server has taken it away. */
  async token(rejected: boolean): Promise<string | null> {
    return rejected ? this.#afterRefusal() : (this.#pairing?.deviceToken ?? null);
  }

  /** A refusal by a server that knows the token is a revocation; by one that is starting or broken it is not. */
  async #afterRefusal(): Promise<string | null> {
    const token = this.#pairing?.deviceToken;
    if (token === undefined) return null;
    const response = await fetch('/api/venue', { headers: { Authorization: `Bearer ${token}` } }).catch(() => undefined);
    if (response?.status === 401) {
      this.forget();
      return null;
    }
    if (!response) throw offline();
    return token;
  }

  #set(pairing: Pairing | undefined): void {
    this.#pairing = pairing;
    for (const listener of this.#listeners) listener();
  }
}

function read(role: DeviceRole): Pairing | undefined {
  const stored = localStorage.getItem(KEYS[role]);
  if (stored === null) return undefined;
  try {
    const pairing = JSON.parse(stored) as Partial<Pairing>;
    return typeof pairing.deviceToken === 'string' && pairing.device ? (pairing as Pairing) : undefined;
  } catch {
    // Somebody edited the storage: pairing again puts it right.
    return undefined;
  }
}
