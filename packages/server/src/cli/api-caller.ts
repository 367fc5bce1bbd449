import { createJwtVerifier, systemClock } from '@clms/realtime';
import { accessTokenIssuer } from '../domain/accounts/access-tokens.ts';
import { createAuthenticator } from '../domain/accounts/authenticator.ts';
import { UnitRunner } from '../domain/unit-runner.ts';
import { buildHttp } from '../http/build-http.ts';
import { apiKeyRoutes } from '../http/routes/api-keys.ts';
import { deviceRoutes } from '../http/routes/devices.ts';
import { userRoutes } from '../http/routes/users.ts';
import type { Config } from '../config/config.ts';
import { createLog } from '../log.ts';
import { existingTokenSecret, tokenSecret } from '../secrets.ts';
import { openConfiguredStore } from '../start-step.ts';
import { askServer } from './ask-server.ts';
import { CommandFailure, configOf, type CommandContext } from './command-context.ts';
import { findServer, type Announcement } from './running-server.ts';

/** The HTTP API as commands use it. */
export interface ApiCaller {
  /** Answers the body of a success; anything else is a `CommandFailure` in the server's words. */
  call(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** Long enough for one command. */
const TOKEN_TTL_MS = 5 * 60_000;

/**
 * A token for this machine's own commands: whoever can read the secret in the data folder is its owner. CLMS_TOKEN comes first, for servers
 * elsewhere and for secrets that only the server knows.
 */
export async function localToken(context: CommandContext, config: Config, secret = existingTokenSecret(config)): Promise<string> {
  const given = context.env.CLMS_TOKEN;
  if (given) return given;
  if (!secret) throw new CommandFailure(`There is no secret in ${config.dataDir}. Set CLMS_DATA_DIR to the server's data folder, or CLMS_TOKEN to a token.`);
  const { jwtIssuer: issuer, jwtAudience: audience } = config;
  const issue = accessTokenIssuer({ secret, ttlMs: TOKEN_TTL_MS, machine: systemClock, ...(issuer !== undefined && { issuer }), ...(audience !== undefined && { audience }) });
  return (await issue({ id: 'local-command', username: 'local command', role: 'ADMIN' }, 'local-command')).accessToken;
}

/** The server of this data folder, which must be running. */
export async function requireServer(config: Config): Promise<Announcement> {
  const server = await findServer(config.dataDir);
  if (!server) throw new CommandFailure(`No server of ${config.dataDir} is running. Start it with "npm start", or set CLMS_DATA_DIR to its data folder.`);
  return server;
}

export async function callRunningServer(context: CommandContext, config: Config): Promise<ApiCaller> {
  const { httpUrl } = await requireServer(config);
  return overHttp(httpUrl, await localToken(context, config));
}

/**
 * Calls the running server, so that it closes sockets of those who lose their rights; without one, the same routes
 * run in this process on the database.
 */
async function callServerOrDatabase(context: CommandContext, config: Config): Promise<ApiCaller> {
  const server = await findServer(config.dataDir);
  if (server) return overHttp(server.httpUrl, await localToken(context, config));
  if (config.databaseUrl === 'memory:') throw new CommandFailure('The database is "memory:", and no server is running that holds one.');
  return inProcess(config);
}

function overHttp(httpUrl: string, token: string): ApiCaller {
  return {
    async call(method, path, body) {
      const response = await askServer(httpUrl + path, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return success(response.status, await response.text());
    },
    close: async () => undefined,
  };
}

/** Opens whichever API there is, and closes it again. */
export async function withApi(context: CommandContext, options: { dataDir?: string }, work: (api: ApiCaller) => Promise<void>): Promise<void> {
  const api = await callServerOrDatabase(context, configOf(context, options));
  try {
    await work(api);
  } finally {
    await api.close();
  }
}

async function inProcess(config: Config): Promise<ApiCaller> {
  const store = await openConfiguredStore(config);
  const runner = await UnitRunner.open(store, systemClock);
  const secret = tokenSecret(config);
  const authenticator = createAuthenticator(runner, createJwtVerifier({ secret, clock: systemClock }));
  // No server is running, so there are no sockets to close.
  const revocations = { revoked: () => undefined, roleChanged: () => undefined };
  const app = await buildHttp({
    runner, authenticator, log: await createLog({ logLevel: 'error', logFormat: 'pretty' }), routes: [...userRoutes(revocations), ...deviceRoutes(runner, revocations), ...apiKeyRoutes(revocations)],
    requireAuth: true, allowedOrigins: undefined, trustProxy: [], webFolder: undefined, websocketPath: config.wsPath, websocketPort: () => undefined,
  });
  const { accessToken } = await accessTokenIssuer({ secret, ttlMs: TOKEN_TTL_MS, machine: systemClock })({ id: 'local-command', username: 'local command', role: 'ADMIN' }, 'local-command');
  return {
    async call(method, path, body) {
      const response = await app.inject({ method, url: path, headers: { authorization: `Bearer ${accessToken}` }, ...(body !== undefined && { payload: body as object }) });
      return success(response.statusCode, response.body);
    },
    async close() {
      await app.close();
      await store.close();
    },
  };
}

function success(status: number, text: string): unknown {
  const body = parse(text);
  if (status >= 200 && status < 300) return body;
  const { detail, errors } = (typeof body === 'object' && body !== null ? body : {}) as { detail?: string; errors?: { path: string; message: string }[] };
  // Where the words already say it, it is not said twice.
  const more = (errors ?? []).filter(({ message }) => !detail?.includes(message)).map(({ path, message }) => `${path.replace(/^body\./, '')} ${message}`).join('; ');
  throw new CommandFailure([detail ?? `The server answered ${status}.`, more].filter(Boolean).join(' '));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // a proxy's page, say; the status tells the rest
  }
}

/** All items of a paged list. */
export async function allItems<T>(api: ApiCaller, path: string): Promise<T[]> {
  const items: T[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page = (await api.call('GET', `${path}?limit=500${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)) as { items: T[]; nextCursor: string | null };
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}
