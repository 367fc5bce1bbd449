import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { ManualClock } from '@clms/realtime/manual-clock';
import { createJwtVerifier } from '@clms/realtime';
import pino from 'pino';
import { Registry } from 'prom-client';
import { accessTokenIssuer } from '../src/domain/accounts/access-tokens.ts';
import { createAuthenticator, type Authenticator } from '../src/domain/accounts/authenticator.ts';
import { createUser } from '../src/domain/accounts/users.ts';
import { Setup } from '../src/domain/accounts/setup.ts';
import { SYSTEM } from '../src/domain/actor.ts';
import { buildHttp, type HttpOptions } from '../src/http/build-http.ts';
import type { HttpRoute } from '../src/http/raw-route.ts';
import { apiKeyRoutes } from '../src/http/routes/api-keys.ts';
import { auditRoutes } from '../src/http/routes/audit.ts';
import { authRoutes } from '../src/http/routes/auth.ts';
import { deviceRoutes } from '../src/http/routes/devices.ts';
import { healthRoutes, type HealthSource } from '../src/http/routes/health.ts';
import { userRoutes } from '../src/http/routes/users.ts';
import { openDesk, type Desk } from './desk.ts';

export const SECRET = new TextEncoder().encode('a secret of more than thirty-two bytes');
export const PASSWORD = 'correct horse battery';

export interface SchoolServer {
  readonly app: FastifyInstance;
  readonly desk: Desk;
  readonly clock: ManualClock;
  readonly authenticator: Authenticator;
  readonly setup: Setup;
  /** What would have closed sockets, in order. */
  readonly revoked: unknown[];
  inject(options: InjectOptions): Promise<LightMyRequestResponse>;
  /** Adds a user and signs in; answers the access token. */
  signIn(username: string, role?: 'ADMIN' | 'LIBRARIAN' | 'STAFF'): Promise<string>;
  login(username: string, password?: string, address?: string): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

/** The HTTP side with accounts over a library in memory; nothing listens on a port. */
export async function openSchoolServer(more: { at?: string; routes?: (desk: Desk) => readonly HttpRoute[]; http?: Partial<HttpOptions>; health?: Partial<HealthSource> } = {}): Promise<SchoolServer> {
  const desk = await openDesk(more.at === undefined ? {} : { at: more.at });
  const { runner, clock } = desk;
  const revoked: unknown[] = [];
  const revocations = { revoked: (whose: unknown) => void revoked.push(whose), roleChanged: (userId: string, role: string) => void revoked.push({ userId, role }) };
  const authenticator = createAuthenticator(runner, createJwtVerifier({ secret: SECRET, clock }));
  const issueToken = accessTokenIssuer({ secret: SECRET, ttlMs: 15 * 60_000, machine: clock });
  const setup = new Setup(runner, 'en');
  const health: HealthSource = {
    version: '0.0.0', uptimeSeconds: () => 1, databaseOk: () => desk.runner.store.usable(), websocket: () => ({ enabled: true, path: '/ws', port: 3002, connections: 0 }), broker: () => ({ kind: 'memory', ok: true }), state: () => 'ready', ...more.health,
  };
  const routes = [
    ...authRoutes({ runner, issueToken, authenticator, setup, revocations }), ...userRoutes(revocations), ...deviceRoutes(runner, revocations), ...apiKeyRoutes(revocations), ...auditRoutes,
    ...healthRoutes(health, new Registry(), authenticator), ...(more.routes?.(desk) ?? []),
  ];
  const app = await buildHttp({
    runner, authenticator, log: pino({ level: 'silent' }), routes, requireAuth: true, allowedOrigins: undefined, trustProxy: [], webFolder: undefined, websocketPath: '/ws', websocketPort: () => 3002, ...more.http,
  });
  const login = (username: string, password = PASSWORD, address = '127.0.0.1') => app.inject({ method: 'POST', url: '/api/auth/login', payload: { username, password }, remoteAddress: address });
  return {
    app, desk, clock, authenticator, setup, revoked, login,
    inject: (options) => app.inject(options),
    async signIn(username, role = 'ADMIN') {
      await runner.run(SYSTEM, (unit) => createUser(unit, { username, password: PASSWORD, role }));
      return (await login(username)).json<{ accessToken: string }>().accessToken;
    },
    async close() {
      await app.close();
      await desk.close();
    },
  };
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
/** The refresh cookie an answer sets, as a request sends it. */
export function cookieOf(response: LightMyRequestResponse): string {
  const cookie = response.cookies.find(({ name }) => name === 'clms_refresh');
  return `clms_refresh=${cookie?.value ?? ''}`;
}
