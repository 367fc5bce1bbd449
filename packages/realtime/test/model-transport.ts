import type { Frame } from '../src/frame.ts';
import type { Transport } from '../src/transport.ts';

/** A transport in memory that a test opens, stops and cuts: what is written while it is stopped arrives when it goes on. */
export class ModelTransport implements Transport {
  readonly kind = 'ws';
  onDrain: (() => void) | undefined;
  onClosed: (code: number, reason: string) => void = () => undefined;
  stopped = false;
  ended = false;
  pings = 0;
  paused = false;
  readonly #onText: (text: string) => void;
  #onTheWay: Frame[] = [];

  constructor(onText: (text: string) => void) {
    this.#onText = onText;
  }

  get bufferedBytes(): number {
    return this.#onTheWay.reduce((sum, frame) => sum + frame.size, 0);
  }

  write(frames: readonly Frame[]): boolean {
    if (this.ended) return true;
    this.#onTheWay.push(...frames);
    if (this.stopped) return false;
    this.#arrive();
    return true;
  }

  /** The client reads again. */
  go(): void {
    this.stopped = false;
    this.#arrive();
    this.onDrain?.();
  }

  ping(): void {
    this.pings++;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  close(code: number, reason: string): void {
    if (this.ended) return;
    if (!this.stopped) this.#arrive();
    this.ended = true;
    this.onClosed(code, reason);
  }

  terminate(): void {
    this.close(1006, '');
  }

  #arrive(): void {
    const frames = this.#onTheWay;
    this.#onTheWay = [];
    for (const frame of frames) this.#onText(frame.payload.toString('utf8'));
  }
}
