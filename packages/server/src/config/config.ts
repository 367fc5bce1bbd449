import { join, resolve } from 'node:path';
import { isLoopback } from './loopback.ts';
import { CONFIG_KEYS, CONFIG_TABLE, flagOf, type ConfigKey, type ConfigValues } from './config-table.ts';
import type { Reading } from './values.ts';
import { withoutCredentials } from './without-credentials.ts';

/** The whole configuration, read and checked once. Durations are milliseconds, sizes bytes. */
export interface Config extends Omit<ConfigValues, 'databaseUrl' | 'timezone' | 'logFormat' | 'trustProxy'> {
  /** Absolute. */
  readonly dataDir: string;
  readonly databaseUrl: string;
  readonly timezone: string;
  readonly logFormat: 'json' | 'pretty';
  readonly trustProxy: readonly string[];
}

/** A wrong value, said in one line: the variable, the value unless it is a secret, and what is allowed. */
export class ConfigError extends Error {}

export interface ConfigSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** From the command line, by key; they win over the environment. */
  readonly flags?: Partial<Record<ConfigKey, string>>;
  readonly isTerminal?: boolean;
}

export function readConfig({ env, flags = {}, isTerminal = false }: ConfigSource): Config {
  const values = Object.fromEntries(CONFIG_KEYS.map((key) => [key, readOne(key, env, flags)])) as unknown as ConfigValues;
  const dataDir = resolve(values.dataDir);
  const config: Config = {
    ...values,
    dataDir,
    databaseUrl: values.databaseUrl ?? `file:${join(dataDir, 'clms.db')}`,
    timezone: values.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    logFormat: values.logFormat ?? (isTerminal ? 'pretty' : 'json'),
    trustProxy: values.trustProxy ?? [],
  };
  refuseCombinations(config);
  return config;
}

function readOne(key: ConfigKey, env: ConfigSource['env'], flags: Partial<Record<ConfigKey, string>>): unknown {
  const { env: variable, type, fallback, secret } = CONFIG_TABLE[key];
  const flag = flags[key];
  // An empty variable is an unset one: that is what a commented-out line in an env file leaves.
  const text = flag ?? (env[variable] === '' ? undefined : env[variable]) ?? fallback;
  if (text === undefined) return undefined;
  const reading: Reading<unknown> = type.read(text);
  if (reading.kind === 'ok') return reading.value;
  const name = flag === undefined ? variable : flagOf(key);
  const shown = secret === 'credentials' ? withoutCredentials(text) : text;
  throw new ConfigError(`${name} ${secret === 'whole' ? 'has a value that is not allowed' : `is "${shown}"`}; allowed: ${reading.allowed}.`);
}

/** Values that are fine alone and not together. */
function refuseCombinations(config: Config): void {
  if (!config.requireAuth && !isLoopback(config.host)) throw new ConfigError(`CLMS_REQUIRE_AUTH is "false" while CLMS_HOST is "${config.host}"; allowed: false only on a loopback host such as 127.0.0.1.`);
  if (config.testClock && !isLoopback(config.host)) throw new ConfigError(`CLMS_TEST_CLOCK is "on" while CLMS_HOST is "${config.host}"; allowed: on only on a loopback host such as 127.0.0.1.`);
  if ((config.adminUsername === undefined) !== (config.adminPassword === undefined)) {
    const missing = config.adminUsername === undefined ? 'CLMS_ADMIN_USERNAME' : 'CLMS_ADMIN_PASSWORD';
    throw new ConfigError(`${missing} is not set; allowed: both of CLMS_ADMIN_USERNAME and CLMS_ADMIN_PASSWORD, or neither.`);
  }
  if (config.adminUsername !== undefined && !/^[A-Za-z0-9._@+-]{1,64}$/.test(config.adminUsername)) {
    throw new ConfigError(`CLMS_ADMIN_USERNAME is "${config.adminUsername}"; allowed: up to 64 letters, digits and . _ @ + -.`);
  }
  if (config.wsPort !== 'off' && config.wsPort !== 0 && config.wsPort === config.httpPort) {
    throw new ConfigError(`CLMS_WS_PORT is "${config.wsPort}", the same as CLMS_HTTP_PORT; allowed: another port, or off (WebSockets are served on the HTTP port in any case).`);
  }
}

/** Read by the command line, not by the server. */
const OTHER_VARIABLES = new Set(['CLMS_TOKEN']);

/** Variables that look like ours and are not: a slip of the pen that would otherwise change nothing in silence. */
export function unknownVariables(env: ConfigSource['env']): string[] {
  const known = new Set<string>(CONFIG_KEYS.map((key) => CONFIG_TABLE[key].env));
  return Object.keys(env).filter((name) => name.startsWith('CLMS_') && !known.has(name) && !OTHER_VARIABLES.has(name)).toSorted();
}
