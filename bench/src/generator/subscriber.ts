import { connect, type Socket } from 'node:net';
import { monotonicMicros } from '../monotonic.ts';
import { FrameCounter } from './frame-counter.ts';
import { FrameReader, maskedText, type Frame } from './frame-reader.ts';
import type { Dialect } from './dialect.ts';

/** One read buffer for all sockets of the process: callbacks run to their end before the next read. */
const readBuffer = Buffer.allocUnsafeSlow(256 * 1024);
const STAMP = Buffer.from('"sentAt":');
const OFFSET = Buffer.from('"offset":');

export interface SubscriberOptions {
  readonly port: number;
  readonly path: string;
  readonly headers: readonly string[];
  readonly dialect: Dialect;
  readonly index: number;
  /** Payloads are read and latencies taken. */
  readonly sampled: boolean;
}

/** One raw socket that speaks just enough WebSocket: handshake, the dialect's own greeting, then counting. */
export class Subscriber {
  readonly latenciesMs: number[] = [];
  disordered = false;
  #offset = 0;
  #lastAt = 0;
  #socket: Socket | undefined;
  readonly #options: SubscriberOptions;
  readonly #counter: FrameCounter;
  readonly #reader: FrameReader;
  #head = '';
  #state: 'handshake' | 'greeting' | 'reading' | 'counting' = 'handshake';
  #settle: { resolve(): void; reject(error: Error): void } | undefined;
  #sampledCount = 0;
  #closed = false;

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.#counter = new FrameCounter(options.dialect.ignoreUpTo);
    this.#reader = new FrameReader((frame) => this.#onFrame(frame));
  }

  /** Resolves when the server has said that events will come. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
      const { port, path, headers } = this.#options;
      const socket = connect({ port, host: '127.0.0.1', noDelay: true, onread: { buffer: readBuffer, callback: (length, bytes) => this.#onBytes(bytes, length) } });
      this.#socket = socket;
      socket.once('connect', () => {
        socket.write([`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', ...headers, '', ''].join('\r\n'));
      });
      socket.on('error', reject);
      socket.on('close', () => {
        this.#closed = true;
        reject(new Error(`closed while ${this.#state}: ${this.#head.slice(0, 200)}`));
      });
    });
  }

  /** From here on data frames count. */
  arm(): void {
    if (this.#options.sampled) {
      this.#state = 'reading';
      return;
    }
    this.#state = 'counting';
    this.#counter.feed(this.#reader.pending, this.#reader.pending.length);
  }

  get count(): number {
    return this.#counter.count + this.#sampledCount;
  }

  /** When bytes came last, in monotonic microseconds; 0 = never. */
  get lastAt(): number {
    return this.#lastAt;
  }

  get closed(): boolean {
    return this.#closed;
  }

  reset(): void {
    this.latenciesMs.length = 0;
    this.#counter.count = 0;
    this.#sampledCount = 0;
  }

  close(): void {
    this.#socket?.destroy();
  }

  #onBytes(bytes: Uint8Array, length: number): boolean {
    if (this.#state === 'counting') {
      this.#counter.feed(bytes, length);
      return true;
    }
    this.#onSetupBytes(Buffer.from(bytes.subarray(0, length)));
    return true;
  }

  #onSetupBytes(bytes: Buffer): void {
    if (this.#state !== 'handshake') {
      this.#lastAt = monotonicMicros();
      this.#reader.feed(bytes);
      return;
    }
    this.#head += bytes.toString('latin1');
    const end = this.#head.indexOf('\r\n\r\n');
    if (end < 0) return;
    if (!this.#head.startsWith('HTTP/1.1 101')) {
      this.#settle?.reject(new Error(`refused: ${this.#head.slice(0, 300)}`));
      this.#socket?.destroy();
      return;
    }
    this.#state = 'greeting';
    const rest = Buffer.from(this.#head.slice(end + 4), 'latin1');
    this.#head = '';
    this.#greet(this.#options.dialect.opened(this.#options.index));
    if (rest.length > 0) this.#reader.feed(rest);
  }

  #onFrame({ opcode, payload }: Frame): void {
    if (opcode >= 8) return;
    if (this.#state === 'greeting') {
      this.#greet(this.#options.dialect.received(payload.toString(), this.#options.index));
      return;
    }
    if (payload.length <= this.#options.dialect.ignoreUpTo) return;
    this.#sampledCount++;
    this.latenciesMs.push((this.#lastAt - numberAfter(payload, STAMP)) / 1000);
    const offset = numberAfter(payload, OFFSET);
    if (offset <= this.#offset) this.disordered = true;
    this.#offset = offset;
  }

  #greet(step: { send?: readonly string[]; ready?: boolean }): void {
    for (const text of step.send ?? []) this.#socket!.write(maskedText(text));
    if (step.ready) this.#settle!.resolve();
  }
}

function numberAfter(payload: Buffer, key: Buffer): number {
  const at = payload.indexOf(key);
  if (at < 0) throw new Error(`no ${key.toString()} in ${payload.toString('utf8', 0, 500)}`);
  return Number.parseInt(payload.toString('latin1', at + key.length, at + key.length + 16), 10);
}
