import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { encodeFrame, OPCODE, type RawFrame } from './raw-frame.ts';

export interface ServerFrame {
  readonly fin: boolean;
  readonly rsv: number;
  readonly opcode: number;
  readonly payload: Buffer;
}

export interface Handshake {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A WebSocket client that says exactly what a test tells it, byte by byte if need be. */
export class RawClient {
  readonly handshake: Handshake;
  readonly #socket: Socket;
  readonly #frames: ServerFrame[] = [];
  #rest: Buffer;
  #ended = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket, handshake: Handshake, rest: Buffer) {
    this.#socket = socket;
    this.handshake = handshake;
    this.#rest = rest;
    socket.on('data', (bytes) => {
      this.#rest = Buffer.concat([this.#rest, bytes]);
      this.#parse();
    });
    socket.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
    this.#parse();
  }

  /** Sends the upgrade and reads the answer's head, whatever it is. */
  static async connect(port: number, headers: readonly string[] = [], requestLine = 'GET /ws HTTP/1.1', own: readonly string[] = UPGRADE): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    // What the server thinks of the bytes is what tests look at; a reset is one of its answers.
    socket.on('error', () => socket.destroy());
    await once(socket, 'connect');
    socket.write([requestLine, `Host: 127.0.0.1:${port}`, ...own, ...headers, '', ''].join('\r\n'));
    let head = Buffer.alloc(0);
    while (!head.includes('\r\n\r\n')) {
      const [bytes] = (await once(socket, 'data')) as [Buffer];
      head = Buffer.concat([head, bytes]);
    }
    const end = head.indexOf('\r\n\r\n');
    const [status, ...lines] = head.toString('latin1', 0, end).split('\r\n');
    const parsed = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
    return new RawClient(socket, { status: Number(status!.split(' ')[1]), headers: parsed }, head.subarray(end + 4));
  }

  send(...frames: readonly RawFrame[]): void {
    this.#socket.write(Buffer.concat(frames.map(encodeFrame)));
  }

  sendBytes(bytes: Uint8Array): void {
    this.#socket.write(bytes);
  }

  /** Each byte in a segment of its own, as far as the network lets it. */
  async sendSlowly(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at++) await new Promise<void>((resolve) => this.#socket.write(bytes.subarray(at, at + 1), () => setImmediate(resolve)));
  }

  /** The next frame, or undefined when the server has ended the connection. */
  async next(): Promise<ServerFrame | undefined> {
    while (this.#frames.length === 0) {
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.#frames.shift();
  }

  /** The next message of this type; other messages are passed over. */
  async message(type: string): Promise<Record<string, unknown>> {
    for (;;) {
      const frame = await this.next();
      if (!frame) throw new Error(`the connection ended before a ${type} came`);
      if (frame.opcode === OPCODE.CLOSE) throw new Error(`closed with ${frame.payload.readUInt16BE(0)} before a ${type} came`);
      if (frame.opcode !== OPCODE.TEXT) continue;
      const message = JSON.parse(textOf(frame)) as Record<string, unknown>;
      if (message['type'] === type) return message;
    }
  }

  /** Passes over everything until the end: the code of the close frame, or undefined when there was none. */
  async closeCode(): Promise<number | undefined> {
    let code: number | undefined;
    for (let frame = await this.next(); frame; frame = await this.next()) {
      if (frame.opcode === OPCODE.CLOSE) code = frame.payload.length >= 2 ? frame.payload.readUInt16BE(0) : 1005;
      // The closing handshake: the side that did not begin it answers.
      if (frame.opcode === OPCODE.CLOSE && !this.#ended) this.send({ opcode: OPCODE.CLOSE, payload: frame.payload });
    }
    return code;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #parse(): void {
    for (;;) {
      const bytes = this.#rest;
      if (bytes.length < 2) break;
      const short = bytes[1]! & 0x7f;
      const header = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (bytes.length < header) break;
      const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short;
      if (bytes.length < header + length) break;
      this.#frames.push({ fin: (bytes[0]! & 0x80) !== 0, rsv: (bytes[0]! >> 4) & 7, opcode: bytes[0]! & 15, payload: bytes.subarray(header, header + length) });
      this.#rest = bytes.subarray(header + length);
    }
    this.#wake();
  }
}

export const UPGRADE = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='] as const;

/** A message without context takeover: a deflate stream of its own, its empty last block left out (RFC 7692, 7.2.1). */
export function deflateMessage(text: string): Buffer {
  return deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4);
}

export function textOf({ rsv, payload }: ServerFrame): string {
  return (rsv & 4 ? inflateRawSync(Buffer.concat([payload, Buffer.from([0, 0, 0xff, 0xff])]), { finishFlush: constants.Z_SYNC_FLUSH }) : payload).toString();
}
