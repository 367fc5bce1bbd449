/** What a run of key presses turned out to be. */
export type KeyReading =
  /** A scanner typed this and pressed Enter. */
  | { readonly kind: 'scan'; readonly text: string }
  /** A person pressed one key. */
  | { readonly kind: 'key'; readonly key: string };

export interface KeyReaderOptions {
  /** Longest pause between two keys of one scan. Wedge scanners send a key every 1–30 ms; a busy browser delivers them later. */
  readonly maxGapMs: number;
  /** Fewer characters are a person's. */
  readonly minLength: number;
  readonly onReading: (reading: KeyReading) => void;
  readonly setTimer: (delayMs: number, fire: () => void) => () => void;
}

/** Longest text taken from a scanner; what is longer is noise and forgotten. */
const MAX_LENGTH = 200;

/**
 * Tells a barcode scanner, which types like a keyboard, from a person at the keys. A key is a person's once nothing followed it in time,
 * so that the `g` in a barcode never becomes a shortcut.
 */
export class KeyReader {
  readonly #options: KeyReaderOptions;
  #text = '';
  #lastAt = Number.NEGATIVE_INFINITY;
  #cancel: () => void = () => {};

  constructor(options: KeyReaderOptions) {
    this.#options = options;
  }

  /**
   * Takes a key (`KeyboardEvent.key`) pressed at a moment in milliseconds. Returns whether it belongs to a scan that is under way, and so
   * must not reach buttons and links: the Enter of a scan would press whatever has the focus.
   */
  press(key: string, at: number): boolean {
    // Capital letters come with a Shift of their own.
    if (key === 'Shift') return false;
    const following = at - this.#lastAt <= this.#options.maxGapMs;
    if (!following) this.#settle();
    this.#lastAt = at;
    if (key === 'Enter' || key === 'Tab') return this.#end(key, following);
    if (key.length !== 1) {
      this.#settle();
      this.#options.onReading({ kind: 'key', key });
      return false;
    }
    this.#text = this.#text.length < MAX_LENGTH ? this.#text + key : '';
    this.#cancel();
    this.#cancel = this.#options.setTimer(this.#options.maxGapMs, () => this.#settle());
    return this.#text.length > 1;
  }

  #end(key: string, following: boolean): boolean {
    if (following && this.#text.length >= this.#options.minLength) {
      const text = this.#text;
      this.#reset();
      this.#options.onReading({ kind: 'scan', text });
      return true;
    }
    this.#settle();
    this.#options.onReading({ kind: 'key', key });
    return false;
  }

  /** The run is over without Enter: one key was a person's, several were typing and mean nothing here. */
  #settle(): void {
    const text = this.#text;
    this.#reset();
    if (text.length === 1) this.#options.onReading({ kind: 'key', key: text });
  }

  #reset(): void {
    this.#text = '';
    this.#cancel();
    this.#cancel = () => {};
  }
}
