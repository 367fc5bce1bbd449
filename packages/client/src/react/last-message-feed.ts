import type { ServerEnvelope } from '@clms/protocol';
import { Emitter } from '../emitter.ts';

/** Messages waiting to be shown. Beyond it the oldest are skipped: who must see every one listens to the client instead. */
const WAITING_LIMIT = 1_000;

/**
 * Shows messages one after another, each in a turn of its own. React draws state changes of one turn together, so a plain "last message"
 * would show only the last of a burst, and a component that reacts to it would miss the others.
 */
export class LastMessageFeed {
  #current: ServerEnvelope | null = null;
  readonly #waiting: ServerEnvelope[] = [];
  readonly #changes = new Emitter<void>({ log: (_level, _text, error) => reportError(error) });
  readonly #nextTurn: (run: () => void) => void;
  #scheduled = false;

  constructor(nextTurn: (run: () => void) => void) {
    this.#nextTurn = nextTurn;
  }

  push(message: ServerEnvelope): void {
    if (this.#waiting.length === WAITING_LIMIT) this.#waiting.shift();
    this.#waiting.push(message);
    if (!this.#scheduled) this.#show();
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#changes.on(listener);
  readonly current = (): ServerEnvelope | null => this.#current;

  #show(): void {
    const next = this.#waiting.shift();
    this.#scheduled = next !== undefined;
    if (!next) return;
    this.#current = next;
    this.#changes.emit();
    this.#nextTurn(() => this.#show());
  }
}
