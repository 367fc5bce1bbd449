import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HttpPool } from './http-pool.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const ADMIN = { username: 'bench', password: 'a long enough password' };
/** Where everybody is checked in. */
export const LOCATION = 'Main Library';
const POLL_EVERY_MS = 5;
const START_PATIENCE_MS = 30_000;
/** Requests of the bench under way at once. */
export const CONNECTIONS = 64;

export interface Answer {
  readonly status: number;
  readonly body: any;
}

/** The real server as `npm start` runs it, with its real store on a real disk, as a process of its own. */
export class ProductServer {
  readonly wsUrl: string;
  /** From the start of the process until `/health` answered 200. */
  readonly startMs: number;
  readonly #stop: () => Promise<void>;
  readonly #pool: HttpPool;
  #token = '';

  private constructor(pool: HttpPool, wsUrl: string, startMs: number, stop: () => Promise<void>) {
    this.#pool = pool;
    this.wsUrl = wsUrl;
    this.startMs = startMs;
    this.#stop = stop;
  }

  static async start(): Promise<ProductServer> {
    const dataDir = mkdtempSync(join(tmpdir(), 'clms-bench-'));
    const started = performance.now();
    const child = spawn(process.execPath, ['packages/server/dist/main.js', 'serve'], {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'], CLMS_DATA_DIR: dataDir, CLMS_HTTP_PORT: '0', CLMS_WS_PORT: '0', CLMS_RATE_LIMIT: 'off', CLMS_CONNECT_RATE_LIMIT: 'off', CLMS_LOG_LEVEL: 'error',
        CLMS_ADMIN_USERNAME: ADMIN.username, CLMS_ADMIN_PASSWORD: ADMIN.password,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const stop = async () => {
      child.kill('SIGKILL');
      await exited;
      rmSync(dataDir, { recursive: true, force: true });
    };
    let output = '';
    for await (const chunk of child.stdout) {
      output += String(chunk);
      const port = Number(/http:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1]);
      const wsUrl = /ws:\/\/\S+/.exec(output)?.[0];
      if (!port || wsUrl === undefined) continue;
      child.stdout.resume();
      const pool = new HttpPool(port, CONNECTIONS);
      await untilHealthy(pool);
      return new ProductServer(pool, wsUrl, performance.now() - started, stop);
    }
    await stop();
    throw new Error(`the server did not start:\n${output}`);
  }

  get token(): string {
    return this.#token;
  }

  async signIn(): Promise<void> {
    this.#token = (await this.call('POST', '/api/auth/login', ADMIN)).body.accessToken;
  }

  /** Answers of 400 and more are errors: a bench of refusals measures nothing. */
  async call(method: string, path: string, body?: unknown): Promise<Answer> {
    const headers = { Authorization: `Bearer ${this.#token}`, ...(body !== undefined && { 'Content-Type': 'application/json' }) };
    const { status, text } = await this.#pool.call(method, path, headers, body === undefined ? '' : JSON.stringify(body));
    if (status >= 400) throw new Error(`${method} ${path}: ${status} ${text}`);
    return { status, body: text === '' ? undefined : JSON.parse(text) };
  }

  /** Opens the library around the clock with a place for everybody, and enrols people. */
  async prepare(people: number): Promise<readonly { readonly id: string; readonly barcode: string }[]> {
    const allDay = [{ open: '00:00', close: '24:00' }];
    await this.call('PATCH', '/api/calendar', { openingHours: { mon: allDay, tue: allDay, wed: allDay, thu: allDay, fri: allDay, sat: allDay, sun: allDay } });
    await this.call('PATCH', '/api/settings', { locations: [{ name: LOCATION, capacity: people }] });
    return Promise.all(Array.from({ length: people }, async (_, n) => (await this.call('POST', '/api/students', { schoolId: `B${100_000 + n}`, surname: 'Reyes', givenName: `N${n}`, gradeLevel: '8', section: 'Narra' })).body));
  }

  async stop(): Promise<void> {
    this.#pool.close();
    await this.#stop();
  }
}

async function untilHealthy(pool: HttpPool): Promise<void> {
  const deadline = performance.now() + START_PATIENCE_MS;
  while (performance.now() < deadline) {
    if ((await pool.call('GET', '/health', {})).status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_EVERY_MS));
  }
  throw new Error('the server never became healthy');
}
