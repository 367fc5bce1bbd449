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

/** A Redis of the test's own, without persistence, on a socket file: no port to collide on. */
export class RedisServer {
  readonly url: string;
  readonly #directory = mkdtempSync(join(tmpdir(), 'redis-'));
  #process: ChildProcess | undefined;

  constructor() {
    this.url = join(this.#directory, 'redis.sock');
  }

  async start(): Promise<void> {
    const child = spawn('redis-server', ['--port', '0', '--unixsocket', this.url, '--save', '', '--appendonly', 'no', '--dir', this.#directory], { stdio: ['ignore', 'pipe', 'inherit'] });
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
    const socket = connect(this.url);
    socket.write(`${line}\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    if (answer.toString().startsWith('-')) throw new Error(answer.toString());
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#process!.kill(signal);
  }

  /** Dies at once, with everything it held. */
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
