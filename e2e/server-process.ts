import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
export const ADMIN = { username: 'head', password: 'a long enough password' };

export interface ServerProcess {
  readonly url: string;
  readonly wsUrl: string;
  readonly dataDir: string;
  /** Everything the server printed so far. */
  output(): string;
  /** Ends the process by this signal and waits for its exit; resolves to the exit code, null when a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** A folder for one server's data, removed by `remove`. */
export function dataFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'clms-e2e-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/**
 * Starts the real server as its own process on free ports and waits until it says where it listens. `env` adds to the settings of tests; what is
 * undefined there is not set at all.
 */
export async function startServer(dataDir: string, env: Record<string, string | undefined> = {}, command: readonly string[] = ['serve'], program = 'packages/server/src/main.ts'): Promise<ServerProcess> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CLMS_')));
  const child = spawn(process.execPath, [program, ...command], {
    cwd: root,
    env: {
      ...inherited,
      CLMS_HTTP_PORT: '0', CLMS_WS_PORT: '0', CLMS_DATA_DIR: dataDir, CLMS_TIMEZONE: 'Asia/Manila', CLMS_CONNECT_RATE_LIMIT: 'off',
      CLMS_ADMIN_USERNAME: ADMIN.username, CLMS_ADMIN_PASSWORD: ADMIN.password, ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  const [url, wsUrl] = await new Promise<[string, string]>((ready, failed) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString('utf8');
      const http = /(http:\/\/127\.0\.0\.1:\d+)/.exec(output);
      const ws = /(ws:\/\/127\.0\.0\.1:\d+\/\S*)/.exec(output);
      if (http?.[1] && ws?.[1]) ready([http[1], ws[1]]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void exited.then((code) => failed(new Error(`the server ended with ${code} before it listened:\n${output}`)));
  });
  return { url, wsUrl, dataDir, output: () => output, stop: (signal = 'SIGTERM') => stop(child, exited, signal) };
}

async function stop(child: ChildProcess, exited: Promise<number | null>, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  return exited;
}
