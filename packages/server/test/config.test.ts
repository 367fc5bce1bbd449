import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig, unknownVariables } from '../src/config/config.ts';

const read = (env: Record<string, string>, flags = {}) => readConfig({ env, flags });
const refusal = (env: Record<string, string>, flags = {}): string => {
  try {
    read(env, flags);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('the configuration', () => {
  it('has a value for everything when nothing is set', () => {
    expect(read({})).toMatchObject({
      httpPort: 3001, wsPort: 3002, host: '127.0.0.1', wsPath: '/ws', accessTokenTtlMs: 900_000, requireAuth: true, allowedRoles: undefined, allowedOrigins: undefined, maxConnections: 20_000,
      maxConnectionsPerUser: 5, rateLimit: { perSecond: 20, burst: 40 }, connectRateLimit: { perSecond: 10, burst: 50 }, compression: true, maxPayload: 1_048_576, heartbeatIntervalMs: 30_000,
      historySize: 10_000, historyTtlMs: 86_400_000, trustProxy: [], locale: 'en', testClock: false, logLevel: 'info', logFormat: 'json', redisUrl: undefined,
    });
  });

  it('keeps the database in the data folder unless told otherwise', () => {
    expect(read({ CLMS_DATA_DIR: '/srv/clms' }).databaseUrl).toBe('file:/srv/clms/clms.db');
    expect(read({ CLMS_DATABASE_URL: 'memory:' }).databaseUrl).toBe('memory:');
  });

  it.each([
    [{ CLMS_WS_PORT: 'off' }, 'wsPort', 'off'],
    [{ CLMS_RATE_LIMIT: 'OFF' }, 'rateLimit', 'off'],
    [{ CLMS_CONNECT_RATE_LIMIT: '2.5/3' }, 'connectRateLimit', { perSecond: 2.5, burst: 3 }],
    [{ CLMS_ACCESS_TOKEN_TTL: '90s' }, 'accessTokenTtlMs', 90_000],
    [{ CLMS_HEARTBEAT_INTERVAL: '500ms' }, 'heartbeatIntervalMs', 500],
    [{ CLMS_HISTORY_TTL: '2d' }, 'historyTtlMs', 172_800_000],
    [{ CLMS_MAX_PAYLOAD: '64kb' }, 'maxPayload', 65_536],
    [{ CLMS_MAX_PAYLOAD: '4096' }, 'maxPayload', 4096],
    [{ CLMS_ALLOWED_ROLES: 'admin, Kiosk' }, 'allowedRoles', ['ADMIN', 'KIOSK']],
    [{ CLMS_ALLOWED_ORIGINS: 'https://desk.example:8443,http://localhost:5173/' }, 'allowedOrigins', ['https://desk.example:8443', 'http://localhost:5173']],
    [{ CLMS_TRUST_PROXY: '10.0.0.2, ::1' }, 'trustProxy', ['10.0.0.2', '::1']],
    [{ CLMS_TEST_CLOCK: 'on' }, 'testClock', true],
    [{ CLMS_HTTP_PORT: '' }, 'httpPort', 3001],
  ])('reads %o', (env, key, value) => expect(read(env)).toMatchObject({ [key]: value }));

  it('takes a flag before the environment', () => {
    expect(read({ CLMS_HTTP_PORT: '4001' }, { httpPort: '5001' }).httpPort).toBe(5001);
    expect(refusal({}, { httpPort: 'x' })).toBe('--http-port is "x"; allowed: a whole number from 0 to 65535.');
  });

  it.each([
    [{ CLMS_HTTP_PORT: '70000' }, 'CLMS_HTTP_PORT is "70000"; allowed: a whole number from 0 to 65535.'],
    [{ CLMS_RATE_LIMIT: '20' }, 'CLMS_RATE_LIMIT is "20"; allowed: off, or two numbers above zero such as 20/40: per second, and the burst.'],
    [{ CLMS_ACCESS_TOKEN_TTL: '15' }, 'CLMS_ACCESS_TOKEN_TTL is "15"; allowed: a duration such as 30s, 15m or 24h, from 1s to 1d.'],
    [{ CLMS_ALLOWED_ROLES: 'ADMIN,TEACHER' }, 'CLMS_ALLOWED_ROLES is "ADMIN,TEACHER"; allowed: a comma list, each one of ADMIN, LIBRARIAN, STAFF, KIOSK, DISPLAY.'],
    [{ CLMS_DATABASE_URL: 'mysql://root:hunter2@db' }, 'CLMS_DATABASE_URL is "mysql://***@db"; allowed: file:<path>, memory: or postgres://….'],
    [{ CLMS_DATABASE_URL: 'mysql:host=db;password=hunter2;ssl=1' }, 'CLMS_DATABASE_URL is "mysql:host=db;password=***;ssl=1"; allowed: file:<path>, memory: or postgres://….'],
    [{ CLMS_REDIS_URL: 'http://:hunter2@p@cache:6379' }, 'CLMS_REDIS_URL is "http://***@cache:6379"; allowed: a URL that begins with redis:// or rediss://.'],
    [{ CLMS_JWT_SECRET: 'short' }, 'CLMS_JWT_SECRET has a value that is not allowed; allowed: at least 32 bytes.'],
    [{ CLMS_REQUIRE_AUTH: 'false', CLMS_HOST: '0.0.0.0' }, 'CLMS_REQUIRE_AUTH is "false" while CLMS_HOST is "0.0.0.0"; allowed: false only on a loopback host such as 127.0.0.1.'],
    [{ CLMS_TEST_CLOCK: 'on', CLMS_HOST: '192.168.1.5' }, 'CLMS_TEST_CLOCK is "on" while CLMS_HOST is "192.168.1.5"; allowed: on only on a loopback host such as 127.0.0.1.'],
    [{ CLMS_ADMIN_USERNAME: 'root' }, 'CLMS_ADMIN_PASSWORD is not set; allowed: both of CLMS_ADMIN_USERNAME and CLMS_ADMIN_PASSWORD, or neither.'],
    [{ CLMS_TIMEZONE: 'Manila' }, 'CLMS_TIMEZONE is "Manila"; allowed: a time zone name such as Asia/Manila.'],
    [{ CLMS_TRUST_PROXY: 'proxy.local' }, 'CLMS_TRUST_PROXY is "proxy.local"; allowed: a comma list, each an address such as 10.0.0.2.'],
  ])('says in one line what is wrong with %o, and no secret', (env, line) => {
    expect(refusal(env)).toBe(line);
    expect(line).not.toContain('hunter2');
  });

  it('finds variables that nobody reads', () => {
    expect(unknownVariables({ CLMS_HTP_PORT: '1', CLMS_HTTP_PORT: '1', CLMS_TOKEN: 'x', PATH: '/' })).toEqual(['CLMS_HTP_PORT']);
  });
});
