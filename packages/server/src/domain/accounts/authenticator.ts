import type { Identity, JwtResult } from '@clms/realtime';
import { ROLES, STAFF_ROLES, type Role } from '@clms/protocol';
import { prepared } from '../../store/prepared.ts';
import { MINUTE_MS, toInstant, toMs } from '../instant.ts';
import type { Actor } from '../actor.ts';
import type { UnitRunner } from '../unit-runner.ts';
import { API_KEY_PREFIX, DEVICE_TOKEN_PREFIX, hashSecret } from './secret-token.ts';
import { sessionByToken } from './sessions.ts';

/** Who a credential speaks for. API keys have no identity on sockets: they publish and read over HTTP. */
export type Authenticated =
  | { readonly kind: 'ok'; readonly actor: Actor; readonly identity: Identity | undefined; readonly expiresAt: number | undefined }
  | { readonly kind: 'refused'; readonly reason: string };

export interface Authenticator {
  /** A JWT, a device token or an API key, as `Authorization: Bearer` carries it. */
  authenticateToken(token: string, address?: string): Promise<Authenticated>;
  /** The refresh cookie, where it counts as a credential by itself: the two realtime GET routes [FB4]. */
  authenticateRefreshToken(refreshToken: string, address?: string): Promise<Authenticated>;
}

/** "Last seen" is written this often at most, or every scan would cost a second write. */
const SEEN_EVERY_MS = MINUTE_MS;

const refused = (reason: string): Authenticated => ({ kind: 'refused', reason });

/**
 * Every request asks the database whether the session, device or key still holds: one indexed read, and a revocation needs no
 * messenger to be obeyed on any node.
 */
export function createAuthenticator(runner: UnitRunner, verifyJwt: (token: string) => Promise<JwtResult>): Authenticator {
  return {
    authenticateToken(token, address) {
      if (token.startsWith(DEVICE_TOKEN_PREFIX)) return byDeviceToken(runner, token, address);
      if (token.startsWith(API_KEY_PREFIX)) return byApiKey(runner, token, address);
      return byJwt(runner, verifyJwt, token, address);
    },
    async authenticateRefreshToken(refreshToken, address) {
      const found = await sessionByToken(runner.db, refreshToken, toInstant(runner.now()));
      if (!found) return refused('the session is over');
      return person({ id: found.user.id, name: found.user.username, role: found.user.role, sessionId: found.session.id }, undefined, address);
    },
  };
}

const userInSession = prepared((db, userId: string, sessionId: string) =>
  db
    .selectFrom('users')
    .leftJoin('sessions', (join) => join.onRef('sessions.userId', '=', 'users.id').on('sessions.id', '=', sessionId))
    .select(['users.username', 'users.role', 'users.active', 'sessions.id as knownSession', 'sessions.revokedAt'])
    .where('users.id', '=', userId),
);
const deviceByHash = prepared((db, tokenHash: string) => db.selectFrom('devices').selectAll().where('tokenHash', '=', tokenHash));

async function byJwt(runner: UnitRunner, verifyJwt: (token: string) => Promise<JwtResult>, token: string, address: string | undefined): Promise<Authenticated> {
  const result = await verifyJwt(token);
  if (result.kind === 'refused') return result;
  const { userId, username, role, sessionId, station, expiresAt } = result.identity;
  if (!isRole(role)) return refused(`the role "${role}" is not known here`);
  const [user] = await userInSession(runner.db, userId, sessionId);
  // Not one of our accounts: another issuer with our secret or with published keys vouches for this user until the token expires.
  if (user) {
    if (user.active !== 1) return refused('the account is disabled');
    if (user.role !== role) return refused('the role has changed since this token was issued');
    if (result.claims.sid !== undefined && (user.knownSession === null || user.revokedAt !== null)) return refused('the session is over');
  }
  if (!isStaffRole(role)) {
    const actor: Actor = { kind: 'device', id: userId, name: username, role, ...(station !== undefined && { station }), ...(address !== undefined && { address }) };
    return { kind: 'ok', actor, identity: result.identity, expiresAt };
  }
  return person({ id: userId, name: user?.username ?? username, role, sessionId }, expiresAt, address);
}

function person(user: { id: string; name: string; role: 'ADMIN' | 'LIBRARIAN' | 'STAFF'; sessionId: string }, expiresAt: number | undefined, address: string | undefined): Authenticated {
  const { id, name, role, sessionId } = user;
  return {
    kind: 'ok',
    actor: { kind: 'user', id, name, role, sessionId, ...(address !== undefined && { address }) },
    identity: { userId: id, username: name, role, sessionId, ...(expiresAt !== undefined && { expiresAt }) },
    expiresAt,
  };
}

async function byDeviceToken(runner: UnitRunner, token: string, address: string | undefined): Promise<Authenticated> {
  const [device] = await deviceByHash(runner.db, hashSecret(token));
  if (!device) return refused('the device is not known or has been revoked');
  if (isDue(device.lastSeenAt, runner.now())) await runner.db.updateTable('devices').set({ lastSeenAt: toInstant(runner.now()) }).where('id', '=', device.id).execute();
  const { id, name, role } = device;
  const station = device.station === null ? {} : { station: device.station };
  return {
    kind: 'ok',
    actor: { kind: 'device', id, name, role, ...station, ...(device.location !== null && { location: device.location }), ...(address !== undefined && { address }) },
    identity: { userId: id, username: name, role, sessionId: id, ...station },
    expiresAt: undefined,
  };
}

async function byApiKey(runner: UnitRunner, token: string, address: string | undefined): Promise<Authenticated> {
  const key = await runner.db.selectFrom('apiKeys').selectAll().where('keyHash', '=', hashSecret(token)).where('revokedAt', 'is', null).executeTakeFirst();
  if (!key) return refused('the API key is not known or has been revoked');
  if (isDue(key.lastUsedAt, runner.now())) await runner.db.updateTable('apiKeys').set({ lastUsedAt: toInstant(runner.now()) }).where('id', '=', key.id).execute();
  const actor: Actor = { kind: 'apiKey', id: key.id, name: key.name, scopes: JSON.parse(key.scopes) as string[], ...(address !== undefined && { address }) };
  return { kind: 'ok', actor, identity: undefined, expiresAt: undefined };
}

const isDue = (last: string | null, now: number): boolean => last === null || now - toMs(last) >= SEEN_EVERY_MS;
const isRole = (role: string): role is Role => (ROLES as readonly string[]).includes(role);
const isStaffRole = (role: Role): role is 'ADMIN' | 'LIBRARIAN' | 'STAFF' => (STAFF_ROLES as readonly Role[]).includes(role);
