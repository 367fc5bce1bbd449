import cookie from '@fastify/cookie';
import fastify, { type FastifyInstance } from 'fastify';
import { originAllowed } from '@clms/realtime';
import type { Logger } from 'pino';
import type { Authenticator } from '../domain/accounts/authenticator.ts';
import type { UnitRunner } from '../domain/unit-runner.ts';
import { allowedMethods } from './allowed-methods.ts';
import { parseBodies } from './body-parsing.ts';
import { answerOrigins } from './cross-origin.ts';
import { answerBrokenHttp, handleErrors, sendUnreadable } from './error-handling.ts';
import type { HttpRoute } from './raw-route.ts';
import { registerRoute } from './register-route.ts';
import { secureHeaders } from './security-headers.ts';
import { serveWebApp } from './web-app.ts';

/** Bytes of a JSON body; routes that take lists or files say more. */
const BODY_LIMIT = 1024 * 1024;

export interface HttpOptions {
  readonly runner: UnitRunner;
  readonly authenticator: Authenticator;
  readonly log: Logger;
  readonly routes: readonly HttpRoute[];
  readonly requireAuth: boolean;
  /** Exact origins; undefined = the host's own name. */
  readonly allowedOrigins: readonly string[] | undefined;
  /** Addresses whose `X-Forwarded-…` headers count. */
  readonly trustProxy: readonly string[];
  /** Folder of the built web app; undefined = none is served. */
  readonly webFolder: string | undefined;
  readonly websocketPath: string;
  /** Port of the dedicated WebSocket listener, once it is known; undefined = none. */
  websocketPort(): number | undefined;
  /** Called after each answer, for metrics: `route` is the pattern, never the address asked for. */
  onAnswered?(answered: { method: string; route: string; status: number; seconds: number }): void;
}

function noSchemas(): never {
  throw new Error('Routes have their schemas in this project, not in Fastify.');
}

/** The HTTP side, ready to be listened with; it opens no port by itself. */
export async function buildHttp(options: HttpOptions): Promise<FastifyInstance> {
  const { runner, authenticator, log, requireAuth, allowedOrigins } = options;
  const app = fastify({
    // One line per request would put addresses that were asked for into the log; metrics count them by route.
    logger: false,
    bodyLimit: BODY_LIMIT,
    trustProxy: options.trustProxy.length > 0 ? [...options.trustProxy] : false,
    // The server decides when idle connections of a closing server end.
    forceCloseConnections: 'idle',
    frameworkErrors: sendUnreadable,
    clientErrorHandler: answerBrokenHttp,
    // Routes are checked by schemas of their own (validation.ts); without these two, Fastify loads a validator and a serialiser all the same.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
  });
  handleErrors(app, log);
  await app.register(cookie);
  await secureHeaders(app, options.websocketPort);
  await parseBodies(app);
  answerOrigins(app, allowedOrigins);
  const deps = {
    runner,
    authenticator,
    requireAuth,
    originAllowed: (request: { headers: { origin?: string | undefined }; host: string }) => originAllowed({ origin: request.headers.origin, host: request.host, allowed: allowedOrigins }),
  };
  for (const route of options.routes) registerRoute(app, route, deps);
  // Answers hold personal data: nothing between server and caller may keep them.
  app.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith('/api/') && !reply.hasHeader('Cache-Control')) reply.header('Cache-Control', 'no-store');
  });
  app.addHook('onResponse', async (request, reply) => {
    options.onAnswered?.({ method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode, seconds: reply.elapsedTime / 1000 });
  });
  await serveWebApp(app, options.webFolder, options.websocketPath, allowedMethods(options.routes));
  return app;
}
