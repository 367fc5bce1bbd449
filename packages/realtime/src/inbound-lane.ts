import type { Connection } from './connection.ts';
import { handle, type HandlerContext } from './event-handlers.ts';
import { parseText } from './parse-message.ts';

/** Messages that wait while one is being answered; beyond, the client is not read from until they are done. */
const PAUSE_AT = 64;

/** Answers one connection's messages one after the other, in their order, whatever each waits for. */
export class InboundLane {
  readonly #context: HandlerContext;
  readonly #connection: Connection;
  readonly #waiting: string[] = [];
  #working = false;
  #paused = false;

  constructor(context: HandlerContext, connection: Connection) {
    this.#context = context;
    this.#connection = connection;
  }

  receive(text: string): void {
    this.#context.counters.messagesReceived++;
    this.#waiting.push(text);
    if (this.#waiting.length >= PAUSE_AT && !this.#paused) {
      this.#paused = true;
      this.#connection.transport.pause();
    }
    if (!this.#working) void this.#work();
  }

  async #work(): Promise<void> {
    this.#working = true;
    for (let text = this.#waiting.shift(); text !== undefined && !this.#connection.isClosed; text = this.#waiting.shift()) {
      await handle(this.#context, this.#connection, parseText(text, this.#context.serverTypes));
      if (this.#paused && this.#waiting.length < PAUSE_AT / 2) {
        this.#paused = false;
        this.#connection.transport.resume();
      }
    }
    this.#working = false;
  }
}
