import type { FastifyRequest } from 'fastify';
import type { Actor } from '../domain/actor.ts';
import type { Authenticated, Authenticator } from '../domain/accounts/authenticator.ts';
import { API_KEY_PREFIX } from '../domain/accounts/secret-token.ts';
import { Refusal } from '../domain/refusal.ts';
import { refreshTokenOf } from './refresh-cookie.ts';

/** With CLMS_REQUIRE_AUTH=false, which only a loopback server may have: everybody on this machine is the administrator. */
const ANONYMOUS_ADMIN: Authenticated & { kind: 'ok' } = {
  kind: 'ok',
  actor: { kind: 'user', id: 'anonymous', name: 'anonymous', role: 'ADMIN', sessionId: 'anonymous' },
  identity: { userId: 'anonymous', username: 'anonymous', role: 'ADMIN', sessionId: 'anonymous' },
  expiresAt: undefined,
};

/** Proves who sent a request, or refuses with 401. */
export async function authenticateRequest(request: FastifyRequest, authenticator: Authenticator, rules: { requireAuth: boolean; cookieCounts: boolean }): Promise<Authenticated & { kind: 'ok' }> {
  const token = bearerOf(request);
  if (token !== undefined) return accept(await authenticator.authenticateToken(token, request.ip));
  const cookie = rules.cookieCounts ? refreshTokenOf(request) : undefined;
  if (cookie !== undefined) return accept(await authenticator.authenticateRefreshToken(cookie, request.ip));
  if (!rules.requireAuth) return ANONYMOUS_ADMIN;
  throw new Refusal(401, 'NOT_SIGNED_IN', 'Sign in first: this needs "Authorization: Bearer <token>".');
}

/** Like `authenticateRequest`, where nobody in particular is fine too. */
export async function knownActor(request: FastifyRequest, authenticator: Authenticator): Promise<Actor | undefined> {
  const token = bearerOf(request);
  if (token === undefined) return undefined;
  const result = await authenticator.authenticateToken(token, request.ip);
  return result.kind === 'ok' ? result.actor : undefined;
}

function accept(result: Authenticated): Authenticated & { kind: 'ok' } {
  if (result.kind === 'ok') return result;
  throw new Refusal(401, 'TOKEN_REFUSED', `The credential was not accepted: ${result.reason}.`);
}

function bearerOf(request: FastifyRequest): string | undefined {
  const key = request.headers['x-api-key'];
  // Many systems that call others can set this header and no other.
  if (request.headers.authorization === undefined && typeof key === 'string' && key.startsWith(API_KEY_PREFIX)) return key;
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
}
