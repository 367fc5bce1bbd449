import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';

/** The server's end of a connection that exists in memory only: what a test writes is read at once, what the server writes is kept. */
export class MemorySocket extends Duplex {
  readonly remoteAddress = '127.0.0.1';
  written = 0;

  constructor() {
    super({ autoDestroy: true });
    // The tests look at what becomes of the connection, not at why.
    this.on('error', () => this.destroy());
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written += chunk.length;
    done();
  }

  override _final(done: () => void): void {
    done();
    this.push(null);
  }

  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }
}

/** The request of an upgrade as `node:http` would hand it over. */
export function upgradeRequest(socket: MemorySocket, user: string, compressed: boolean): IncomingMessage {
  const headers: Record<string, string> = {
    host: 'localhost', connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', authorization: `Bearer ${user}`,
    'sec-websocket-key': createHash('md5').update(user).digest('base64'),
    ...(compressed && { 'sec-websocket-extensions': 'permessage-deflate' }),
  };
  return { method: 'GET', httpVersion: '1.1', url: '/ws', headers, headersDistinct: { host: [headers['host']] }, socket } as unknown as IncomingMessage;
}
