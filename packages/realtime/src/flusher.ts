import { newSharedWrite, type SharedWrite } from './transport.ts';

/** Something with messages to hand over at the end of the turn. */
export interface Flushable {
  flush(shared: SharedWrite): void;
}

/**
 * Gathers the connections that got messages in this turn of the event loop and writes to each once [OUT4]. While one flush runs the next
 * batch gathers; an idle server adds no delay, since the end of the turn is at once.
 */
export class Flusher {
  #waiting: Flushable[] = [];
  #scheduled = false;
  #shared = newSharedWrite();
  readonly #defer: (work: () => void) => void;

  constructor(defer: (work: () => void) => void = (work) => void setImmediate(work)) {
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
    this.#waiting = [];
    this.#scheduled = false;
    // Connections of one group stand in a row.
    for (const connection of connections) connection.flush(this.#shared);
    this.#shared = newSharedWrite();
  }
}
