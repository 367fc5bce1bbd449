import { oneTabAtATime } from '@clms/client/tabs';
import type { Role } from '@clms/protocol';
import { problemOf } from '../api/api-error.ts';
import { newId } from '../api/new-id.ts';
import { forgetEmergencies } from '../emergency/kept-emergencies.ts';

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
  /** `ended` = not by the user: disabled, a new password, too long away. */
  | { readonly state: 'signed_out'; readonly ended?: true }
  | { readonly state: 'signed_in'; readonly user: SignedInUser };

interface Granted {
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly user: SignedInUser;
}

/** A token with less life than this is renewed before it is used. */
const RENEW_BEFORE_MS = 45_000;
/** Who has a refresh cookie in this browser, which scripts cannot see. Without an entry the server need not be asked. */
const SIGNED_IN_KEY = 'clms.signed-in';
/** No answer by then: pages are shown to whom they were shown last, with what this computer has kept. */
const SETTLE_WITHIN_MS = 3_000;
/** A line that is dead without saying so must not hold up the next try. */
const REFRESH_WITHIN_MS = 15_000;
/** One tab at a time: two tabs that present the same refresh token look like a stolen one, and the session would end. */
const inOneTab = oneTabAtATime('clms-refresh');

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
    await post('/api/auth/logout', {}, { token }).catch(() => undefined);
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

  /**
   * Settles who sits here when the page opens: asks the server, and if it does not say takes who it was before. Nothing comes from the server
   * without a token, so this lets nobody see more than this computer has kept.
   */
  async settle(): Promise<void> {
    if (this.#state.state !== 'unknown') return;
    const asked = this.token().catch(() => undefined);
    await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, SETTLE_WITHIN_MS))]);
    const user = this.getState().state === 'unknown' ? rememberedUser() : undefined;
    if (user) this.#set({ state: 'signed_in', user });
  }

  async #refresh(): Promise<string | null> {
    const response = await inOneTab(askForRefresh);
    if (response.ok) return this.#grant((await response.json()) as Granted);
    if (response.status === 401 || response.status === 403 || response.status === 400) {
      this.#end({ ended: true });
      return null;
    }
    throw await problemOf(response);
  }

  #grant({ accessToken, expiresAt, user }: Granted): string {
    this.#token = { value: accessToken, expiresAtMs: Date.parse(expiresAt) };
    localStorage.setItem(SIGNED_IN_KEY, JSON.stringify(user));
    const before = this.#state;
    if (before.state !== 'signed_in' || before.user.id !== user.id || before.user.role !== user.role) this.#set({ state: 'signed_in', user });
    return accessToken;
  }

  #end(how: { readonly ended?: true } = {}): void {
    this.#token = undefined;
    localStorage.removeItem(SIGNED_IN_KEY);
    forgetEmergencies('staff');
    this.#set({ state: 'signed_out', ...how });
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

function rememberedUser(): SignedInUser | undefined {
  try {
    const user = JSON.parse(localStorage.getItem(SIGNED_IN_KEY) ?? 'null') as Partial<SignedInUser> | null;
    return user && typeof user.id === 'string' && typeof user.username === 'string' && typeof user.role === 'string' ? (user as SignedInUser) : undefined;
  } catch {
    // Written by an earlier version, which kept the id alone.
    return undefined;
  }
}

function post(path: string, body: unknown, { token, signal }: { readonly token?: string | undefined; readonly signal?: AbortSignal } = {}): Promise<Response> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json', 'Idempotency-Key': newId() };
  if (token !== undefined) headers['Authorization'] = `Bearer ${token}`;
  return fetch(path, { method: 'POST', headers, credentials: 'same-origin', body: JSON.stringify(body), ...(signal && { signal }) });
}

const askForRefresh = () => post('/api/auth/refresh', {}, { signal: AbortSignal.timeout(REFRESH_WITHIN_MS) });

/** The one session of this page. */
export const session = new SessionStore();
