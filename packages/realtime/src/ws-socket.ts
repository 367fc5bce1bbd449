import type { IncomingMessage } from 'node:http';
import type { Duplex, Writable } from 'node:stream';
import type { Socket } from 'node:net';
import { BEARER_SUBPROTOCOL_PREFIX, CLOSE, SUBPROTOCOL } from '@clms/protocol';
import * as ws from 'ws';
import { stopAtFirstError } from './broken-stream-guard.ts';
import { COMPRESSION_THRESHOLD, type Frame } from './frame.ts';
import { joinFrames, type SharedWrite, type Transport } from './transport.ts';

// The only file that knows `ws`: it does the handshake and reads frames; ours are written to the socket by reference.

const { WebSocketServer } = ws;
type WebSocket = ws.WebSocket;
// Exported by the package, missing in its types.
stopAtFirstError((ws as unknown as { Receiver: { prototype: Writable } }).Receiver);

/** A socket that holds more than this is given no more until it has drained. */
const HIGH_WATER_BYTES = 256 * 1024;
/** Patience for the other side's half of the closing handshake. */
const CLOSE_PATIENCE_MS = 2000;
const PING = Buffer.from([0x89, 0x00]);

export interface SocketEvents {
  onText(text: string): void;
  /** Any frame, control frames included. */
  onSign(pong: boolean): void;
  onClosed(code: number, reason: string): void;
}

export interface WsOptions {
  readonly maxPayload: number;
  readonly compression: boolean;
  setTimer(delayMs: number, fire: () => void): () => void;
}

export type Handshake =
  | { readonly kind: 'open'; readonly transport: WsTransport }
  /** Not answered yet. */
  | { readonly kind: 'malformed'; readonly reason: string }
  /** The client has left meanwhile. */
  | { readonly kind: 'gone' };

export class WsServer {
  readonly #compressing: ws.WebSocketServer;
  readonly #plain: ws.WebSocketServer;
  readonly #options: WsOptions;

  constructor(options: WsOptions) {
    this.#options = options;
    const base = { noServer: true, clientTracking: false, autoPong: true, maxPayload: options.maxPayload, handleProtocols: chooseProtocol } as const;
    // [UP7] No context on either side: one compressed frame serves everybody, and no connection keeps a window.
    this.#compressing = new WebSocketServer({ ...base, perMessageDeflate: { serverNoContextTakeover: true, clientNoContextTakeover: true, threshold: COMPRESSION_THRESHOLD, zlibInflateOptions: { chunkSize: 16 * 1024 } } });
    this.#plain = new WebSocketServer({ ...base, perMessageDeflate: false });
  }

  /** Completes the handshake at once; the request has been judged already, but for the extensions that it offers. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): Handshake {
    const server = this.#options.compression && !breaksOnDeflate(request.headers['user-agent']) ? this.#compressing : this.#plain;
    let handshake: Handshake = { kind: 'gone' };
    const onMalformed = (error: Error): void => void (handshake = { kind: 'malformed', reason: error.message });
    server.once('wsClientError', onMalformed);
    server.handleUpgrade(request, socket, head, (webSocket) => (handshake = { kind: 'open', transport: new WsTransport(webSocket, socket as Socket, this.#options) }));
    server.off('wsClientError', onMalformed);
    return handshake;
  }

  close(): void {
    this.#compressing.close();
    this.#plain.close();
  }
}

/** [UP2] [UP8] The reply selects the contract and never echoes a token. */
function chooseProtocol(offered: Set<string>): string | false {
  return offered.has(SUBPROTOCOL) ? SUBPROTOCOL : ([...offered].find((name) => !name.startsWith(BEARER_SUBPROTOCOL_PREFIX)) ?? false);
}

/** Safari 15.0–15.3 drops compressed connections. */
function breaksOnDeflate(userAgent: string | undefined): boolean {
  return userAgent !== undefined && /Version\/15\.[0-3](\.\d+)? .*Safari\//.test(userAgent) && !/Chrom(e|ium)\//.test(userAgent);
}

export class WsTransport implements Transport {
  readonly kind = 'ws';
  onDrain: (() => void) | undefined;
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  readonly #compressed: boolean;
  readonly #setTimer: WsOptions['setTimer'];

  constructor(webSocket: WebSocket, socket: Socket, options: WsOptions) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#compressed = webSocket.extensions.includes('permessage-deflate');
    this.#setTimer = options.setTimer;
    socket.on('drain', () => this.onDrain?.());
  }

  listen(events: SocketEvents): void {
    const webSocket = this.#webSocket;
    webSocket.on('message', (data: Buffer, binary: boolean) => {
      events.onSign(false);
      // [ENV1]
      if (binary) this.close(CLOSE.UNSUPPORTED_DATA, 'text frames only');
      else events.onText(data.toString('utf8'));
    });
    webSocket.on('ping', () => events.onSign(false));
    webSocket.on('pong', () => events.onSign(true));
    // A broken frame: `ws` answers with the close code that RFC 6455 wants (1002, 1007, 1009) and then closes.
    webSocket.on('error', () => undefined);
    webSocket.on('close', (code, reason) => events.onClosed(code, reason.toString('utf8')));
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  /** `writableLength` sinks only when a whole write is through; a slow reader of a long one would pass for a stuck one. */
  get takenBytes(): number {
    // oxlint-disable-next-line no-underscore-dangle -- Node tells how far a write has come nowhere else; without it the coarser figure serves.
    const handle = (this.#socket as { _handle?: { bytesWritten?: number; writeQueueSize?: number } | null })._handle;
    if (typeof handle?.bytesWritten === 'number' && typeof handle.writeQueueSize === 'number') return handle.bytesWritten - handle.writeQueueSize;
    return this.#socket.bytesWritten - this.#socket.writableLength;
  }

  write(frames: readonly Frame[], shared: SharedWrite): boolean {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return true; // its close is on the way
    this.#socket.write(joinFrames(frames, this.#compressed, shared));
    return this.#socket.writableLength < HIGH_WATER_BYTES;
  }

  ping(): void {
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#socket.write(PING);
  }

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  close(code: number, reason: string): void {
    if (this.#webSocket.readyState === this.#webSocket.CLOSED) return;
    this.#webSocket.close(code, reason);
    // A side that does not answer is not waited for.
    const cancel = this.#setTimer(CLOSE_PATIENCE_MS, () => this.#webSocket.terminate());
    this.#webSocket.once('close', cancel);
  }

  terminate(): void {
    this.#webSocket.terminate();
  }
}
