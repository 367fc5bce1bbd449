import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { STAFF_ROLES } from '@clms/protocol';
import type { IssueToken } from '../../domain/accounts/access-tokens.ts';
import type { Authenticator } from '../../domain/accounts/authenticator.ts';
import { logIn, logOut, refreshLogin, type Caller } from '../../domain/accounts/login.ts';
import type { Revocations } from '../../domain/accounts/revocations.ts';
import { sessionByToken, type OpenSession } from '../../domain/accounts/sessions.ts';
import { SetupForm, type Setup } from '../../domain/accounts/setup.ts';
import { issueTicket } from '../../domain/accounts/socket-tickets.ts';
import { toInstant } from '../../domain/instant.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { UnitRunner } from '../../domain/unit-runner.ts';
import { raw, type HttpRoute } from '../raw-route.ts';
import { clearRefreshCookie, refreshTokenOf, setRefreshCookie } from '../refresh-cookie.ts';
import { knownActor } from '../request-actor.ts';
import { ANYBODY, OPEN } from '../route.ts';

export interface AuthDeps {
  readonly runner: UnitRunner;
  readonly issueToken: IssueToken;
  readonly authenticator: Authenticator;
  readonly setup: Setup;
  readonly revocations: Revocations;
}

const LoginForm = Type.Object({ username: Type.String({ minLength: 1, maxLength: 256 }), password: Type.String({ minLength: 1, maxLength: 1024 }) }, { additionalProperties: false });
const SignedIn = Type.Object({
  accessToken: Type.String(),
  expiresAt: Type.String(),
  user: Type.Object({ id: Type.String(), username: Type.String(), displayName: Type.String(), role: Type.Enum(STAFF_ROLES) }),
});
const OrNull = Type.Union([Type.String(), Type.Null()]);
const Me = Type.Object({
  id: Type.String(), username: Type.String(), role: OrNull, kind: Type.Enum(['user', 'device', 'apiKey']),
  sessionId: Type.Optional(Type.String({ description: 'of people' })),
  station: Type.Optional(OrNull), location: Type.Optional(OrNull),
  scopes: Type.Optional(Type.Array(Type.String(), { description: 'of API keys' })),
});

const callerOf = (request: FastifyRequest): Caller => ({ address: request.ip, userAgent: request.headers['user-agent'] });

/**
 * Signing in and out. These answers are secrets, so none is kept for an Idempotency-Key: a login that is sent again opens another session,
 * which harms nobody.
 */
export function authRoutes(deps: AuthDeps): HttpRoute[] {
  const { runner, issueToken, authenticator, setup, revocations } = deps;
  const signIn = async (request: FastifyRequest, reply: FastifyReply, { user, session, refreshToken }: OpenSession) => {
    setRefreshCookie(request, reply, refreshToken);
    const { id, username, displayName, role } = user;
    return { ...(await issueToken(user, session.id)), user: { id, username, displayName, role } };
  };
  const trading = new Map<string, Promise<OpenSession>>();
  /**
   * Requests with one token that are here at the same instant are tabs of one browser that could not agree who asks: they share the trade, and
   * with it the one successor. A token that comes once its answer has left is a copy.
   */
  const trade = (token: string): Promise<OpenSession> => {
    const under = trading.get(token) ?? refreshLogin(runner, token, revocations).finally(() => trading.delete(token));
    trading.set(token, under);
    return under;
  };
  return [
    raw({
      method: 'POST', path: '/api/auth/login', keyless: true, access: OPEN, tag: 'Sign-in', summary: 'Signs a person in: an access token, and a refresh cookie.', body: LoginForm, answer: SignedIn,
      handle: async ({ body, request, reply }) => signIn(request, reply, await logIn(runner, body, callerOf(request))),
    }),
    raw({
      method: 'POST', path: '/api/auth/refresh', keyless: true, access: OPEN, tag: 'Sign-in', summary: 'The next access token for the refresh cookie, which is renewed as well.', answer: SignedIn,
      async handle({ request, reply }) {
        const token = refreshTokenOf(request);
        if (token === undefined) throw new Refusal(401, 'NOT_SIGNED_IN', 'There is no session to continue. Sign in.');
        try {
          return await signIn(request, reply, await trade(token));
        } catch (error) {
          if (error instanceof Refusal) clearRefreshCookie(request, reply);
          throw error;
        }
      },
    }),
    raw({
      method: 'POST', path: '/api/auth/logout', keyless: true, access: OPEN, tag: 'Sign-in', summary: 'Ends the session of the cookie or of the token, and its sockets.', answer: Type.Object({ ok: Type.Boolean() }),
      async handle({ request, reply }) {
        const token = refreshTokenOf(request);
        const byCookie = token === undefined ? undefined : await sessionByToken(runner.db, token, toInstant(runner.now()));
        if (byCookie) await logOut(runner, { id: byCookie.session.id, userId: byCookie.user.id }, revocations);
        const actor = await knownActor(request, authenticator);
        if (actor?.kind === 'user' && actor.sessionId !== byCookie?.session.id) await logOut(runner, { id: actor.sessionId, userId: actor.id }, revocations);
        clearRefreshCookie(request, reply);
        return { ok: true };
      },
    }),
    raw({
      method: 'GET', path: '/api/auth/me', access: { ...ANYBODY, scope: 'read' }, tag: 'Sign-in', summary: 'Who I am.', answer: Me,
      async handle({ actor }) {
        switch (actor.kind) {
          case 'user': return { id: actor.id, username: actor.name, role: actor.role, kind: actor.kind, sessionId: actor.sessionId };
          case 'device': return { id: actor.id, username: actor.name, role: actor.role, kind: actor.kind, station: actor.station ?? null, location: actor.location ?? null };
          case 'apiKey': return { id: actor.id, username: actor.name, role: null, kind: actor.kind, scopes: actor.scopes };
          case 'system': throw new Error('The system does not ask who it is.');
        }
      },
    }),
    raw({
      method: 'POST', path: '/api/auth/ws-ticket', keyless: true, access: ANYBODY, tag: 'Sign-in', summary: 'A ticket for opening one WebSocket within 30 s.', answer: Type.Object({ ticket: Type.String(), expiresAt: Type.String() }),
      async handle({ actor, request }) {
        const identity = request.authenticated?.identity;
        if (!identity) throw new Refusal(403, 'ROLE_NOT_ALLOWED', 'API keys open no sockets.');
        return issueTicket(runner, { actor, identity });
      },
    }),
    raw({
      method: 'GET', path: '/api/setup', access: OPEN, tag: 'Sign-in', summary: 'Whether this library still waits for its first administrator.', answer: Type.Object({ needed: Type.Boolean() }),
      handle: async () => ({ needed: await setup.needed() }),
    }),
    raw({
      method: 'POST', path: '/api/setup', keyless: true, access: OPEN, status: 201, tag: 'Sign-in', summary: 'Makes the first administrator, with the code that the server prints.', body: SetupForm, answer: SignedIn,
      handle: async ({ body, request, reply }) => signIn(request, reply, await setup.complete(body, callerOf(request))),
    }),
  ];
}
