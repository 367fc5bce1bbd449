import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from './node-http.ts';
import { StartError } from './start-step.ts';

export interface Listening {
  readonly port: number;
  readonly servers: readonly Server[];
  /** Stops taking connections, lets requests under way finish, and drops idle ones. */
  close(): Promise<void>;
}

/** Free ports tried when the same one must be free on two addresses. */
const TWIN_PORT_TRIES = 10;

/**
 * Listens on one port of a host. On `127.0.0.1`, `::1` is served as well (browsers try it first for `localhost`), where the machine has it.
 * Port 0 takes any free one.
 */
export async function listen(handler: RequestListener, host: string, port: number, variable: string): Promise<Listening> {
  for (let attempt = 1; ; attempt++) {
    const first = await open(handler, host, port, variable);
    const chosen = (first.address() as AddressInfo).port;
    const servers = [first];
    if (host === '127.0.0.1') {
      const twin = await openTwin(handler, chosen);
      if (twin === 'taken') {
        await close(first);
        if (port !== 0 || attempt === TWIN_PORT_TRIES) throw busy(`[::1]:${chosen}`, variable);
        continue;
      }
      if (twin) servers.push(twin);
    }
    return { port: chosen, servers, close: async () => void (await Promise.all(servers.map(close))) };
  }
}

async function open(handler: RequestListener, host: string, port: number, variable: string): Promise<Server> {
  try {
    return await bind(handler, host, port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') throw busy(`${host}:${port}`, variable);
    if (code === 'EACCES') throw new StartError(`Port ${port} needs more rights than this account has. Set ${variable} to a port above 1023.`);
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') throw new StartError(`This machine has no address ${host}. Set CLMS_HOST to one of its own addresses, or to 0.0.0.0 for all.`);
    throw error;
  }
}

async function openTwin(handler: RequestListener, port: number): Promise<Server | 'taken' | undefined> {
  try {
    return await bind(handler, '::1', port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') return 'taken';
    if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') return undefined; // a machine without IPv6
    throw error;
  }
}

function bind(handler: RequestListener, host: string, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(handler);
    server.once('error', reject);
    server.listen({ host, port, ipv6Only: host === '::1' }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

function busy(address: string, variable: string): StartError {
  return new StartError(`${address} is already in use: is CLMS running twice? Stop the other program, or set ${variable} to another port (0 = any free one).`);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
