import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { envelope } from '../activity-message.ts';
import type { BenchServer } from './bench-server.ts';

/** Where Debian's package puts it. */
export const NCHAN_MODULE = '/usr/lib/nginx/modules/ngx_nchan_module.so';
/** The unit of processor time in /proc. */
const MICROS_PER_TICK = 10_000;
const PAGE_BYTES = 4096;

/** nginx with nchan, one worker: published to by HTTP over one kept connection, measured from outside. */
export async function startNchan(): Promise<BenchServer> {
  const port = await freePort();
  const directory = mkdtempSync(join(tmpdir(), 'bench-nchan-'));
  const configuration = join(directory, 'nginx.conf');
  writeFileSync(configuration, configurationFor(port, directory));
  const nginx = spawn('nginx', ['-c', configuration, '-p', directory], { stdio: ['ignore', 'inherit', 'inherit'] });
  process.once('SIGTERM', () => process.exit(0));
  process.once('exit', () => {
    nginx.kill('SIGTERM');
    rmSync(directory, { recursive: true, force: true });
  });
  const publisher = await connected(port);
  publisher.resume();
  let offset = 0;
  const processes = () => [nginx.pid!, ...childrenOf(nginx.pid!)];
  return {
    port,
    publish(message) {
      const text = envelope(message, ++offset);
      publisher.write(`POST /publish HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    },
    cpuMicros: () => processes().reduce((sum, pid) => sum + cpuTicks(pid) * MICROS_PER_TICK, 0),
    memory: () => processes().reduce((sum, pid) => sum + Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES, 0),
  };
}

function configurationFor(port: number, directory: string): string {
  return `load_module ${NCHAN_MODULE};
daemon off; master_process on; worker_processes 1; pid ${directory}/pid; error_log ${directory}/error.log;
events { worker_connections 16384; }
http {
  access_log off; client_body_temp_path ${directory}/body; proxy_temp_path ${directory}/proxy; fastcgi_temp_path ${directory}/fastcgi; uwsgi_temp_path ${directory}/uwsgi; scgi_temp_path ${directory}/scgi;
  keepalive_requests 100000000;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /ws { nchan_subscriber websocket; nchan_channel_id activities; nchan_subscriber_first_message newest; nchan_websocket_ping_interval 3600; }
    location = /publish { nchan_publisher; nchan_channel_id activities; nchan_message_buffer_length 10; }
  }
}
`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function connected(port: number): Promise<ReturnType<typeof connect>> {
  for (;;) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const opened = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    if (opened) return socket;
    await wait(20);
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && statOf(Number(name))[1] === String(parent)).map(Number);
}

function cpuTicks(pid: number): number {
  const fields = statOf(pid);
  return Number(fields[11]) + Number(fields[12]);
}

/** The fields after the name, which may hold spaces; none when the process is gone. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ESRCH') return [];
    throw error;
  }
}
