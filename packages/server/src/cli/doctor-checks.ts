import { accessSync, constants, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:net';
import { systemClock } from '@clms/realtime';
import { sql } from 'kysely';
import type { Config } from '../config/config.ts';
import { toInstant } from '../domain/instant.ts';
import { openStore } from '../store/open-store.ts';
import { findServer } from './running-server.ts';

export interface Finding {
  readonly state: 'ok' | 'warning' | 'bad';
  readonly name: string;
  /** What was found, and what to do about it. */
  readonly detail: string;
}

const finding = (state: Finding['state'], name: string, detail: string): Finding => ({ state, name, detail });
const ANSWER_WITHIN_MS = 2000;
/** A clock before this was never set: the battery of an old PC is empty. */
const EARLIEST_SANE_YEAR = 2025;

/** Looks at everything CLMS stands on. Changes nothing but the database's version, as every start does. */
export async function examine(config: Config): Promise<Finding[]> {
  const server = await findServer(config.dataDir);
  return [
    finding(server ? 'ok' : 'warning', 'Server', server ? `running at ${server.httpUrl} (process ${server.pid})` : 'not running'),
    ...folder(config),
    await database(config),
    ...(server ? [] : await ports(config)),
    clock(),
    ...(config.redisUrl === undefined ? [] : [await redis(config.redisUrl)]),
  ];
}

function folder({ dataDir }: Config): Finding[] {
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return [code === 'ENOENT' ? finding('warning', 'Data folder', `${dataDir} does not exist yet; the first start makes it`) : finding('bad', 'Data folder', `${dataDir} cannot be read and written (${code}); give it to the user who runs CLMS`)];
  }
  const secrets = ['jwt-secret'].flatMap((name) => {
    const mode = statSync(join(dataDir, name), { throwIfNoEntry: false })?.mode;
    if (mode === undefined || process.platform === 'win32') return [];
    return (mode & 0o077) === 0 ? [finding('ok', 'Secrets', `${name} is readable by its owner alone`)] : [finding('bad', 'Secrets', `${name} can be read by others: chmod 600 ${join(dataDir, name)}`)];
  });
  return [finding('ok', 'Data folder', dataDir), ...secrets];
}

async function database({ databaseUrl }: Config): Promise<Finding> {
  if (databaseUrl === 'memory:') return finding('warning', 'Database', 'memory: everything is lost when the server stops');
  const file = databaseUrl.startsWith('file:') ? databaseUrl.replace(/^file:(\/\/)?/, '') : undefined;
  if (file !== undefined && !statSync(file, { throwIfNoEntry: false })) return finding('warning', 'Database', `${file} does not exist yet; the first start makes it`);
  try {
    const store = await openStore(databaseUrl);
    try {
      if (store.kind === 'postgres') return (await store.usable()) ? finding('ok', 'Database', 'Postgres answers') : finding('bad', 'Database', 'Postgres does not answer');
      const answers = (await sql<{ integrity_check: string }>`pragma integrity_check`.execute(store.db)).rows.map((row) => row.integrity_check);
      return answers.join() === 'ok' ? finding('ok', 'Database', `${file} is whole`) : finding('bad', 'Database', `${file} is damaged (${answers[0]}); restore the last backup with "clms restore"`);
    } finally {
      await store.close();
    }
  } catch (error) {
    return finding('bad', 'Database', `it could not be opened: ${(error as Error).message}`);
  }
}

async function ports({ host, httpPort, wsPort }: Config): Promise<Finding[]> {
  const wanted = [['CLMS_HTTP_PORT', httpPort] as const, ...(wsPort === 'off' ? [] : [['CLMS_WS_PORT', wsPort] as const])];
  return Promise.all(wanted.filter(([, port]) => port !== 0).map(async ([variable, port]) => {
    const problem = await portProblem(host, port);
    return problem === undefined ? finding('ok', 'Port', `${port} is free`) : finding('bad', 'Port', `${port} cannot be used (${problem}); set ${variable} to another`);
  }));
}

function portProblem(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
}

function clock(): Finding {
  const now = toInstant(systemClock.now());
  return Number(now.slice(0, 4)) >= EARLIEST_SANE_YEAR ? finding('ok', 'Clock', `${now}; loans and closing depend on it`) : finding('bad', 'Clock', `this machine believes it is ${now}; set its date`);
}

/** Says PING in Redis's own protocol: enough to know that somebody is there who understands it. */
function redis(url: string): Promise<Finding> {
  const { hostname, port, protocol } = new URL(url);
  if (protocol === 'rediss:') return Promise.resolve(finding('warning', 'Redis', 'encrypted connections are not examined here; "clms status" of the running server tells'));
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port || 6379), timeout: ANSWER_WITHIN_MS });
    const end = (result: Finding): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => socket.write('PING\r\n'));
    // A server that wants a password answers PING with an error, and is there.
    socket.once('data', (answer) => end(/^(\+PONG|-NOAUTH)/.test(answer.toString('latin1')) ? finding('ok', 'Redis', `${hostname} answers`) : finding('bad', 'Redis', `what answers at ${hostname} is no Redis`)));
    socket.once('timeout', () => end(finding('bad', 'Redis', `${hostname} does not answer`)));
    socket.once('error', (error: NodeJS.ErrnoException) => end(finding('bad', 'Redis', `${hostname} cannot be reached (${error.code})`)));
  });
}
