import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RedisProcess {
  /** Path of its socket. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A Redis of the bench's own, on a socket file and without persistence; undefined where none is installed. */
export async function startRedis(): Promise<RedisProcess | undefined> {
  if (spawnSync('redis-server', ['--version']).error) return undefined;
  const directory = mkdtempSync(join(tmpdir(), 'bench-redis-'));
  const url = join(directory, 'redis.sock');
  const child = spawn('redis-server', ['--port', '0', '--unixsocket', url, '--save', '', '--appendonly', 'no', '--dir', directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const chunk of child.stdout) if (String(chunk).includes('ready to accept connections')) break;
  return {
    url,
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'exit');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
