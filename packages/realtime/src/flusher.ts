import type { Clock } from './clock.ts';
import { newSharedWrite, type SharedWrite } from './transport.ts';

/** Something with messages to hand over at the end of the turn. */
export interface Flushable {
  flush(shared: SharedWrite): void;
}

/** A flush that took this long shows that writing is what the machine is busy with. */
const LONG_FLUSH_MS = 4;
/** After a long flush the next one begins after this share of its length, but no later than `LONGEST_REST_MS`. */
const REST_SHARE = 0.5;
const LONGEST_REST_MS = 8;

/**
 * Gathers the connections that got messages in this turn of the event loop and writes to each once [OUT4]. While one flush runs the next
 * batch gathers; an idle server adds no delay, since the end of the turn is at once.
 *
 * After a long flush it rests for a moment while messages gather. What a write costs hardly depends on how much it carries: a server that
 * wrote without a pause would take a whole core for ever smaller pieces, from those who are to read them.
 */
export class Flusher {
  #waiting: Flushable[] = [];
  #scheduled = false;
  #shared = newSharedWrite();
  readonly #clock: Clock;
  readonly #defer: (work: () => void) => void;

  constructor(clock: Clock, defer: (work: () => void) => void = (work) => void setImmediate(work)) {
    this.#clock = clock;
    this.#defer = defer;
  }

  add(connection: Flushable): void {
    this.#waiting.push(connection);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#defer(() => this.#run());
  }

  /** Joined bytes of this turn: connections that write one after the other share them, in a flush and before it. */
  get shared(): SharedWrite {
    return this.#shared;
  }

  #run(): void {
    const connections = this.#waiting;
    const begunMs = this.#clock.now();
    this.#waiting = [];
    try {
      // Connections of one group stand in a row.
      for (const connection of connections) connection.flush(this.#shared);
    } finally {
      this.#shared = newSharedWrite();
      const tookMs = this.#clock.now() - begunMs;
      if (tookMs >= LONG_FLUSH_MS) this.#clock.setTimer(Math.min(LONGEST_REST_MS, tookMs * REST_SHARE), () => this.#goOn());
      else this.#goOn();
    }
  }

  #goOn(): void {
    this.#scheduled = false;
    if (this.#waiting.length === 0) return;
    this.#scheduled = true;
    this.#defer(() => this.#run());
  }
}
