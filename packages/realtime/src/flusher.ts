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

  #run(): void {
    const connections = this.#waiting;
    this.#waiting = [];
    this.#scheduled = false;
    // Connections of one group stand in a row and share the joined bytes.
    const shared = newSharedWrite();
    for (const connection of connections) connection.flush(shared);
  }
}
