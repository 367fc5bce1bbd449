import { connect, type Socket } from 'node:net';
import { monotonicMicros } from '../monotonic.ts';
import { FrameReader, maskedText } from './frame-reader.ts';

/** Full jitter between this and twice as much, doubled with every failure: what the product's own client does. */
const LEAST_BACKOFF_MS = 500;
const MOST_BACKOFF_MS = 30_000;

interface Message {
  readonly type: string;
  readonly offset?: number;
  readonly prev?: number;
  readonly data: { readonly epoch?: string; readonly offset?: number; readonly recovered?: boolean };
}

/** A client that comes back by itself, resumes from its position and checks every event against it. */
export class ResumingClient {
  readonly #port: number;
  readonly #token: string;
  #socket: Socket | undefined;
  #position: { epoch: string; offset: number } | undefined;
  #failures = 0;
  #closed = false;
  /** Events that the next event says were missed, and resumes that were refused. */
  lost = 0;
  repeated = 0;
  received = 0;
  /** When it was live last, in monotonic microseconds; undefined while it is not. */
  liveSince: number | undefined;

  constructor(port: number, token: string) {
    this.#port = port;
    this.#token = token;
  }

  get offset(): number {
    return this.#position?.offset ?? -1;
  }

  open(): void {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    this.#socket = socket;
    let head = '';
    let upgraded = false;
    const reader = new FrameReader(({ opcode, payload }) => opcode === 1 && this.#onMessage(JSON.parse(payload.toString()) as Message));
    socket.once('connect', () => {
      socket.write(`GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${this.#port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer ${this.#token}\r\n\r\n`);
    });
    socket.on('data', (bytes) => {
      if (upgraded) return reader.feed(bytes);
      head += bytes.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      upgraded = head.startsWith('HTTP/1.1 101');
      if (upgraded) reader.feed(Buffer.from(head.slice(end + 4), 'latin1'));
      else socket.destroy();
    });
    // The close that follows an error says all there is to do.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#onClose());
  }

  close(): void {
    this.#closed = true;
    this.#socket?.destroy();
  }

  #onClose(): void {
    this.liveSince = undefined;
    if (this.#closed) return;
    const ceiling = Math.min(MOST_BACKOFF_MS, LEAST_BACKOFF_MS * 2 ** ++this.#failures);
    setTimeout(() => this.#closed || this.open(), LEAST_BACKOFF_MS + Math.random() * (ceiling - LEAST_BACKOFF_MS));
  }

  #onMessage({ type, offset, prev, data }: Message): void {
    if (type === 'welcome') {
      const since = this.#position && { since: this.#position };
      this.#socket!.write(maskedText(JSON.stringify({ type: 'subscribe', data: { topic: 'activities', ...since } })));
    } else if (type === 'subscribed') {
      if (data.recovered === false) this.lost++;
      this.#position ??= { epoch: data.epoch!, offset: data.offset! };
      if (data.recovered !== true) this.#live();
    } else if (type === 'position') {
      this.#position!.offset = Math.max(this.#position!.offset, data.offset!);
      this.#live();
    } else if (type === 'activity_update') {
      if (offset! <= this.#position!.offset) this.repeated++;
      else if (prev! > this.#position!.offset) this.lost++;
      this.received++;
      this.#position!.offset = offset!;
    }
  }

  #live(): void {
    this.#failures = 0;
    this.liveSince ??= monotonicMicros();
  }
}
