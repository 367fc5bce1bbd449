import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';

const missing = spawnSync('redis-server', ['--version']).error !== undefined;

/** A suite that needs `redis-server`. In CI its absence is a failure; elsewhere the suite is passed over, and says so. */
export function describeWithRedis(title: string, suite: () => void): void {
  if (missing && process.env['CI']) throw new Error('redis-server is not installed: the suites over Redis cannot run');
  if (missing) console.warn(`redis-server is not installed: passing over “${title}”`);
  describe.skipIf(missing)(title, suite);
}

export interface RedisServerOptions {
  /** On this port of loopback, for programs that want a URL; default on a socket file, where there is nothing to collide on. */
  readonly port?: number;
  /** Has after a kill what it had before. */
  readonly durable?: boolean;
}

/** A Redis of the test's own. */
export class RedisServer {
  /** As clients are told it: a path or a URL. */
  readonly url: string;
  readonly #directory = mkdtempSync(join(tmpdir(), 'redis-'));
  readonly #options: RedisServerOptions;
  readonly #socketFile: string;
  #process: ChildProcess | undefined;

  constructor(options: RedisServerOptions = {}) {
    this.#options = options;
    this.#socketFile = join(this.#directory, 'redis.sock');
    this.url = options.port === undefined ? this.#socketFile : `redis://127.0.0.1:${options.port}`;
  }

  async start(): Promise<void> {
    const { port = 0, durable = false } = this.#options;
    const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--unixsocket', this.#socketFile, '--save', '', '--appendonly', durable ? 'yes' : 'no', '--appendfsync', 'always', '--dir', this.#directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#process = child;
    let output = '';
    for await (const chunk of child.stdout!) {
      output += String(chunk);
      if (output.includes('ready to accept connections')) break;
    }
    if (!output.includes('ready to accept connections')) throw new Error(`redis-server did not start: ${output}`);
  }

  /** Sends one command as an administrator would. */
  async command(line: string): Promise<void> {
    const socket = connect(this.#socketFile);
    socket.write(`${line}\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    if (answer.toString().startsWith('-')) throw new Error(answer.toString());
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process!.kill(signal);
  }

  /** Dead, it loses what it wrote to disk. */
  forget(): void {
    rmSync(join(this.#directory, 'appendonlydir'), { recursive: true, force: true });
  }

  /** Dies at once; unless it is durable, with everything it held. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
