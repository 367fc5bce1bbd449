import type { ServerResponse } from 'node:http';
import type { Cancel, Clock } from './clock.ts';
import { CursorTracker } from './cursor.ts';
import type { Frame } from './frame.ts';
import type { Transport } from './transport.ts';

/** Proxies and clients take a silent stream for a dead one [FB1]. */
const COMMENT_EVERY_MS = 15_000;
/** A response that holds more than this is given no more until it has drained. */
const HIGH_WATER_BYTES = 256 * 1024;
/** A client that does not take the end of its stream is not waited for longer: it holds a socket and counts nowhere any more. */
const END_PATIENCE_MS = 2000;

/** Server-sent events: each message as `data`, the positions of all topics after it as `id`. */
export class SseTransport implements Transport {
  readonly kind = 'sse';
  onDrain: (() => void) | undefined;
  /** Everything written so far was taken: the only sign of life that a stream in one direction gives. */
  onTaken: (() => void) | undefined;
  /** After each comment: time to say where the client should stand. */
  onBeat: (() => void) | undefined;
  readonly #response: ServerResponse;
  readonly #tracker: CursorTracker;
  readonly #clock: Clock;
  #cancelComment: Cancel = () => {};

  constructor(response: ServerResponse, tracker: CursorTracker, clock: Clock) {
    this.#response = response;
    this.#tracker = tracker;
    this.#clock = clock;
    response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-cache, no-store, no-transform', 'X-Accel-Buffering': 'no', Connection: 'keep-alive' });
    response.flushHeaders();
    response.on('drain', () => this.onDrain?.());
    response.on('close', () => this.#cancelComment());
    this.#commentLater();
  }

  get bufferedBytes(): number {
    return this.#response.writableLength;
  }

  write(frames: readonly Frame[]): boolean {
    let text = '';
    for (const frame of frames) {
      this.#tracker.see(frame);
      text += `id: ${this.#tracker.toString()}\ndata: ${frame.payload.toString()}\n\n`;
    }
    this.#response.write(text);
    return this.#response.writableLength < HIGH_WATER_BYTES;
  }

  ping(): void {
    if (this.#response.writable) this.#response.write(': \n\n', (error) => !error && this.onTaken?.());
  }

  close(code: number, reason: string): void {
    this.#cancelComment();
    this.#response.end(`: closed ${code} ${reason}\n\n`);
    this.#response.once('close', this.#clock.setTimer(END_PATIENCE_MS, () => this.terminate()));
  }

  terminate(): void {
    this.#cancelComment();
    this.#response.destroy();
  }

  /** Nothing comes from the client. */
  pause(): void {}
  resume(): void {}

  #commentLater(): void {
    this.#cancelComment = this.#clock.setTimer(COMMENT_EVERY_MS, () => {
      this.ping();
      this.onBeat?.();
      this.#commentLater();
    });
  }
}
