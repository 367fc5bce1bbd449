import type { ServerResponse } from 'node:http';
import type { Cancel, Clock } from './clock.ts';
import { CursorTracker, factsOfFrame } from './cursor.ts';
import type { Frame } from './frame.ts';
import type { Transport } from './transport.ts';

/** From the first news to the answer: what comes in one burst goes in one answer, and a busy topic does not make a client ask more often than it may [RATE2]. */
const GATHER_MS = 250;
/** An answer is not made larger than this on purpose; the rest comes with the next request. */
const FULL_BYTES = 256 * 1024;

/**
 * One long poll: collects messages until there is news, or until the time is over, and answers once. Nothing is kept between requests; the
 * client brings its positions along.
 */
export class PollTransport implements Transport {
  readonly kind = 'poll';
  onDrain: (() => void) | undefined;
  /** Set by whoever made the connection: ends it, and with it the request. */
  onEnough: (() => void) | undefined;
  readonly #response: ServerResponse;
  readonly #tracker: CursorTracker;
  readonly #clock: Clock;
  readonly #resuming: boolean;
  readonly #payloads: Buffer[] = [];
  #bytes = 0;
  #news = false;
  #subscribed = false;
  /** What came first decides when the answer goes: more news does not put it off. */
  #gathering = false;
  #cancel: Cancel;

  /** `resuming` = the client brought positions, and knows who it is. */
  constructor(response: ServerResponse, tracker: CursorTracker, clock: Clock, timeoutMs: number, resuming: boolean) {
    this.#response = response;
    this.#tracker = tracker;
    this.#clock = clock;
    this.#resuming = resuming;
    this.#cancel = clock.setTimer(timeoutMs, () => this.onEnough?.());
    response.on('close', () => this.#cancel());
  }

  get bufferedBytes(): number {
    return this.#bytes;
  }

  write(frames: readonly Frame[]): boolean {
    for (const frame of frames) {
      this.#tracker.see(frame);
      const { type, data } = factsOfFrame(frame);
      if (type === 'welcome' && this.#resuming) continue;
      this.#payloads.push(frame.payload);
      this.#bytes += frame.size;
      // A position, the end of a replay [SUB2] among them, is told with the rest and is nothing to answer for.
      if (type !== 'welcome' && type !== 'position' && !(type === 'subscribed' && data.recovered === true && data.snapshot === undefined)) this.#news = true;
    }
    const full = this.#bytes >= FULL_BYTES;
    if (full) this.#answerAfter(0);
    else this.#gather();
    return !full;
  }

  /** Every subscription has been answered; from now on, news ends the wait. */
  allSubscribed(): void {
    this.#subscribed = true;
    this.#gather();
  }

  ping(): void {}

  close(): void {
    this.#cancel();
    const messages = Buffer.concat(this.#payloads.flatMap((payload, i) => (i === 0 ? [payload] : [COMMA, payload]))).toString();
    this.#response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' });
    this.#response.end(`{"messages":[${messages}],"cursors":${JSON.stringify(this.#tracker.cursors)}}`);
  }

  terminate(): void {
    this.#cancel();
    this.#response.destroy();
  }

  pause(): void {}
  resume(): void {}

  #gather(): void {
    if (!this.#news || !this.#subscribed || this.#gathering) return;
    this.#gathering = true;
    this.#answerAfter(GATHER_MS);
  }

  #answerAfter(delayMs: number): void {
    this.#cancel();
    this.#cancel = this.#clock.setTimer(delayMs, () => this.onEnough?.());
  }
}

const COMMA = Buffer.from(',');
