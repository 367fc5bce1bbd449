import type { Role } from '@clms/protocol';
import { problemOf } from '../api/api-error.ts';
import { newId } from '../api/new-id.ts';

/** Who sits at this browser. */
export interface SignedInUser {
  readonly id: string;
  readonly username: string;
  readonly role: Role;
  readonly displayName?: string | null;
}

export type SessionState =
  /** The refresh cookie has not been tried yet. */
  | { readonly state: 'unknown' }
  | { readonly state: 'signed_out' }
  | { readonly state: 'signed_in'; readonly user: SignedInUser };

interface Granted {
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly user: SignedInUser;
}

/** A token with less life than this is renewed before it is used. */
const RENEW_BEFORE_MS = 45_000;
/** Whether this browser has a refresh cookie, which scripts cannot see. Without one the server need not be asked. */
const SIGNED_IN_KEY = 'clms.signed-in';
/** Name of the lock that all tabs of this browser share. */
const REFRESH_LOCK = 'clms-refresh';

/**
 * The session of a member of staff. The access token lives in memory only; the refresh cookie is out of reach of scripts and brings
 * the session back after a reload.
 */
export class SessionStore {
  #state: SessionState = { state: 'unknown' };
  #token: { readonly value: string; readonly expiresAtMs: number } | undefined;
  #refreshing: Promise<string | null> | undefined;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly getState = (): SessionState => this.#state;

  async login(username: string, password: string): Promise<void> {
    const response = await post('/api/auth/login', { username, password });
    if (!response.ok) throw await problemOf(response);
    this.#grant((await response.json()) as Granted);
  }

  /** Ends the session on the server too; a server that is away does not keep the user signed in here. */
  async logout(): Promise<void> {
    const token = this.#token?.value;
    this.#end();
    await post('/api/auth/logout', {}, token).catch(() => undefined);
  }

  /** A usable access token, or null when nobody is signed in. Throws when the server cannot be asked. */
  async token(options: { readonly renew?: boolean } = {}): Promise<string | null> {
    if (this.#state.state === 'unknown' && localStorage.getItem(SIGNED_IN_KEY) === null) this.#end();
    if (this.#state.state === 'signed_out') return null;
    const token = this.#token;
    if (token && options.renew !== true && token.expiresAtMs - Date.now() > RENEW_BEFORE_MS) return token.value;
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #refresh(): Promise<string | null> {
    // One tab at a time: two tabs that present the same refresh token look like a stolen one, and the session would end.
    const response = navigator.locks ? await navigator.locks.request(REFRESH_LOCK, askForRefresh) : await askForRefresh();
    if (response.ok) return this.#grant((await response.json()) as Granted);
    if (response.status === 401 || response.status === 403 || response.status === 400) {
      this.#end();
      return null;
    }
    throw await problemOf(response);
  }

  #grant({ accessToken, expiresAt, user }: Granted): string {
    this.#token = { value: accessToken, expiresAtMs: Date.parse(expiresAt) };
    localStorage.setItem(SIGNED_IN_KEY, user.id);
    const before = this.#state;
    if (before.state !== 'signed_in' || before.user.id !== user.id || before.user.role !== user.role) this.#set({ state: 'signed_in', user });
    return accessToken;
  }

  #end(): void {
    this.#token = undefined;
    localStorage.removeItem(SIGNED_IN_KEY);
    this.#set({ state: 'signed_out' });
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

function post(path: string, body: unknown, token?: string): Promise<Response> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json', 'Idempotency-Key': newId() };
  if (token !== undefined) headers['Authorization'] = `Bearer ${token}`;
  return fetch(path, { method: 'POST', headers, credentials: 'same-origin', body: JSON.stringify(body) });
}

const askForRefresh = () => post('/api/auth/refresh', {});

/** The one session of this page. */
export const session = new SessionStore();
