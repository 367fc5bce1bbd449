import { ROLES } from '@clms/protocol';
import { address, databaseUrl, duration, flag, integer, listOf, locale, oneOf, orOff, origin, port, rate, secretOf, size, text, timezone, url, urlPath, type ValueType } from './values.ts';

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;

interface Setting<T, F extends string | undefined> {
  readonly env: `CLMS_${string}`;
  readonly type: ValueType<T>;
  /** As one would write it; undefined = not set. */
  readonly fallback: F;
  /** For the documentation, where the fallback is not the whole truth. */
  readonly fallbackShown?: string;
  /** Never shown, not even when it is wrong; or shown without the credentials that an address may hold. */
  readonly secret?: 'whole' | 'credentials';
  readonly help: string;
}

const setting = <T, const F extends string | undefined>(row: Setting<T, F>): Setting<T, F> => row;

/** The one table of what can be configured. Flags, `--help` and docs/configuration.md come from it; a flag is the name without CLMS_. */
export const CONFIG_TABLE = {
  httpPort: setting({ env: 'CLMS_HTTP_PORT', type: port, fallback: '3001', help: 'Port of the web app and the HTTP API; 0 takes any free one and prints it.' }),
  wsPort: setting({ env: 'CLMS_WS_PORT', type: orOff(port), fallback: '3002', help: 'Port for WebSockets alone; off = on the HTTP port only, where they are served in any case.' }),
  host: setting({ env: 'CLMS_HOST', type: text, fallback: '127.0.0.1', fallbackShown: '127.0.0.1 and ::1', help: 'Address to listen on. 0.0.0.0 opens the server to the network: do that on purpose.' }),
  wsPath: setting({ env: 'CLMS_WS_PATH', type: urlPath, fallback: '/ws', help: 'Path of the WebSocket.' }),
  dataDir: setting({ env: 'CLMS_DATA_DIR', type: text, fallback: './data', help: 'Folder of the database, the secrets (readable by the owner alone) and the backups.' }),
  databaseUrl: setting({ env: 'CLMS_DATABASE_URL', type: databaseUrl, fallback: undefined, fallbackShown: 'file:<data>/clms.db', secret: 'credentials', help: 'file:<path> (SQLite), memory: (lost at the end) or postgres://… (several nodes).' }),
  redisUrl: setting({ env: 'CLMS_REDIS_URL', type: url('redis', 'rediss'), fallback: undefined, secret: 'credentials', help: 'Redis or Valkey. Set it when several nodes share one library: broker, presence, limits and revocations go through it.' }),
  jwtSecret: setting({ env: 'CLMS_JWT_SECRET', type: secretOf(32), fallback: undefined, fallbackShown: 'generated into the data folder', secret: 'whole', help: 'Secret of access tokens (HS256), at least 32 bytes. All nodes need the same.' }),
  jwksUrl: setting({ env: 'CLMS_JWKS_URL', type: url('https', 'http'), fallback: undefined, help: 'Public keys of another issuer whose tokens (RS256, ES256, EdDSA) are accepted too.' }),
  jwtIssuer: setting({ env: 'CLMS_JWT_ISSUER', type: text, fallback: undefined, help: 'Expected "iss" of tokens, and that of our own.' }),
  jwtAudience: setting({ env: 'CLMS_JWT_AUDIENCE', type: text, fallback: undefined, help: 'Expected "aud" of tokens, and that of our own.' }),
  accessTokenTtlMs: setting({ env: 'CLMS_ACCESS_TOKEN_TTL', type: duration(SECOND_MS, DAY_MS), fallback: '15m', help: 'Life of an access token. Sessions live 30 days after their last refresh.' }),
  adminUsername: setting({ env: 'CLMS_ADMIN_USERNAME', type: text, fallback: undefined, help: 'Name of the first administrator, made without the setup page; only used on an empty database.' }),
  adminPassword: setting({ env: 'CLMS_ADMIN_PASSWORD', type: secretOf(8), fallback: undefined, secret: 'whole', help: 'Password of that administrator, at least 8 characters.' }),
  requireAuth: setting({ env: 'CLMS_REQUIRE_AUTH', type: flag, fallback: 'true', help: 'false lets everybody in as administrator; refused unless the host is loopback.' }),
  allowedRoles: setting({ env: 'CLMS_ALLOWED_ROLES', type: listOf(oneOf(...ROLES)), fallback: undefined, fallbackShown: 'all', help: 'Roles that may open a socket.' }),
  allowedOrigins: setting({ env: 'CLMS_ALLOWED_ORIGINS', type: listOf(origin), fallback: undefined, fallbackShown: 'same host', help: 'Exact origins of pages that may use this server.' }),
  maxConnections: setting({ env: 'CLMS_MAX_CONNECTIONS', type: integer(1, 1_000_000), fallback: '20000', help: 'Sockets of this node.' }),
  maxConnectionsPerUser: setting({ env: 'CLMS_MAX_CONNECTIONS_PER_USER', type: integer(1, 1_000_000), fallback: '5', help: 'Sockets of one user over all nodes.' }),
  rateLimit: setting({ env: 'CLMS_RATE_LIMIT', type: orOff(rate), fallback: '20/40', help: 'Messages of one connection.' }),
  connectRateLimit: setting({ env: 'CLMS_CONNECT_RATE_LIMIT', type: orOff(rate), fallback: '10/50', help: 'New connections from one address.' }),
  compression: setting({ env: 'CLMS_COMPRESSION', type: flag, fallback: 'true', help: 'Compress messages of 1 KiB and more for clients that can.' }),
  maxPayload: setting({ env: 'CLMS_MAX_PAYLOAD', type: size(1024, 64 * 1024 ** 2), fallback: '1mb', help: 'Largest message from a client.' }),
  heartbeatIntervalMs: setting({ env: 'CLMS_HEARTBEAT_INTERVAL', type: duration(100, 600 * SECOND_MS), fallback: '30s', help: 'Pings to clients; silent for two of them = gone.' }),
  historySize: setting({ env: 'CLMS_HISTORY_SIZE', type: integer(1, 1_000_000), fallback: '10000', help: 'Events kept per topic for those who come back.' }),
  historyTtlMs: setting({ env: 'CLMS_HISTORY_TTL', type: duration(SECOND_MS, 90 * DAY_MS), fallback: '24h', help: 'How long they are kept.' }),
  trustProxy: setting({ env: 'CLMS_TRUST_PROXY', type: listOf(address), fallback: undefined, fallbackShown: 'none', help: 'Addresses of proxies whose X-Forwarded-For counts.' }),
  timezone: setting({ env: 'CLMS_TIMEZONE', type: timezone, fallback: undefined, fallbackShown: 'that of the machine', help: 'Zone of the venue until an administrator sets another; stored at setup.' }),
  locale: setting({ env: 'CLMS_LOCALE', type: locale, fallback: 'en', help: 'Language and formats of the venue; stored at setup.' }),
  testClock: setting({ env: 'CLMS_TEST_CLOCK', type: flag, fallback: 'off', help: 'on lets an administrator move the library’s time forward (POST /api/test/clock); loopback only. For trials.' }),
  logLevel: setting({ env: 'CLMS_LOG_LEVEL', type: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'), fallback: 'info', help: 'What is logged.' }),
  logFormat: setting({ env: 'CLMS_LOG_FORMAT', type: oneOf('json', 'pretty'), fallback: undefined, fallbackShown: 'json; pretty on a terminal', help: 'How it is logged.' }),
} as const;

export type ConfigKey = keyof typeof CONFIG_TABLE;
type ValueOf<S> = S extends Setting<infer T, infer F> ? (F extends string ? T : T | undefined) : never;
/** What was set, or the fallbacks; undefined where there is neither. */
export type ConfigValues = { readonly [K in ConfigKey]: ValueOf<(typeof CONFIG_TABLE)[K]> };

export const CONFIG_KEYS = Object.keys(CONFIG_TABLE) as ConfigKey[];

/** `--http-port` for CLMS_HTTP_PORT. */
export function flagOf(key: ConfigKey): string {
  return `--${CONFIG_TABLE[key].env.slice('CLMS_'.length).toLowerCase().replaceAll('_', '-')}`;
}
