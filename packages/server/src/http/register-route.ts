import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from 'fastify';
import { SYSTEM } from '../domain/actor.ts';
import type { Authenticated, Authenticator } from '../domain/accounts/authenticator.ts';
import { Refusal } from '../domain/refusal.ts';
import type { UnitRunner } from '../domain/unit-runner.ts';
import { parseIfMatch, requireAccess } from './access.ts';
import { onceOnly } from './idempotency.ts';
import type { HttpRoute } from './raw-route.ts';
import { authenticateRequest } from './request-actor.ts';
import { checkNoBody, compileCheck, type Check } from './validation.ts';

export interface RouteDeps {
  readonly runner: UnitRunner;
  readonly authenticator: Authenticator;
  readonly requireAuth: boolean;
  /** Whether the request's origin may ask for something that changes state or opens a stream [UP4]. */
  originAllowed(request: FastifyRequest): boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    upload?: boolean;
  }
  interface FastifyRequest {
    /** Who sent it, on routes that ask. */
    authenticated?: Authenticated & { kind: 'ok' };
  }
}

/** Bytes of a body from somebody who has shown no credential: names, passwords and codes. */
const LARGEST_FROM_STRANGERS = 16 * 1024;

/** Puts a route on the server: origin, credential, access, schema, then its work, in this order. */
export function registerRoute(app: FastifyInstance, route: HttpRoute, deps: RouteDeps): void {
  const isRaw = route.kind === 'raw';
  const guarded = route.method !== 'GET' || (isRaw && route.realtime === true);
  const bodyLimit = route.access.open ? LARGEST_FROM_STRANGERS : isRaw ? route.bodyLimit : undefined;
  const handler = workOf(route, deps);
  app.route({
    method: route.method,
    url: route.path,
    config: { upload: isRaw && route.upload === true },
    ...(bodyLimit !== undefined && { bodyLimit }),
    // Before the body is read: a stranger's megabytes are not worth parsing.
    onRequest: async (request) => {
      if (guarded && !deps.originAllowed(request)) throw new Refusal(403, 'ORIGIN_NOT_ALLOWED', 'Pages of this origin may not ask for this.');
      if (route.access.open) return;
      const authenticated = await authenticateRequest(request, deps.authenticator, { requireAuth: deps.requireAuth, cookieCounts: isRaw && route.realtime === true });
      requireAccess(authenticated.actor, route.access);
      request.authenticated = authenticated;
    },
    handler,
  });
}

function workOf(route: HttpRoute, deps: RouteDeps): RouteHandlerMethod {
  const { runner } = deps;
  const checks = checksOf(route);
  const status = route.kind === 'query' ? 200 : (route.status ?? 200);
  return async (request, reply) => {
    const actor = request.authenticated?.actor ?? SYSTEM;
    const input = { params: checks.params(request.params), query: checks.query(request.query), body: checks.body(request.body) };
    switch (route.kind) {
      case 'query': {
        // The declared types of params, query and body are what the checks above have proven.
        const answer = await route.handle({ db: runner.db, now: runner.now(), venue: runner.venue, actor }, { ...input, ifMatch: undefined } as never);
        reply.code(status);
        return answer ?? null;
      }
      case 'command': {
        const ifMatch = parseIfMatch(request.headers['if-match']);
        return (await onceOnly(runner, actor, request, reply, status, (unit) => route.handle(unit, { ...input, ifMatch } as never))) ?? null;
      }
      case 'raw': {
        const answer = await route.handle({ ...input, actor, request, reply } as never);
        if (reply.sent) return reply;
        // A handler that chose another status keeps it.
        if (reply.statusCode === 200) reply.code(status);
        return answer ?? null;
      }
    }
  };
}

const pass: Check = () => undefined;

function checksOf(route: HttpRoute): { params: Check; query: Check; body: Check } {
  const noBody = route.kind === 'raw' && route.upload ? pass : checkNoBody;
  return {
    params: route.params ? compileCheck('params', route.params) : pass,
    query: route.query ? compileCheck('query', route.query) : pass,
    body: route.body ? compileCheck('body', route.body) : route.method === 'GET' ? pass : noBody,
  };
}

