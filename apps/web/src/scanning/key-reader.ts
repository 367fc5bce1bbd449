/** What a run of key presses turned out to be. */
export type KeyReading =
  /** A scanner typed this and pressed Enter. */
  | { readonly kind: 'scan'; readonly text: string }
  /** A person pressed one key. */
  | { readonly kind: 'key'; readonly key: string };

export interface KeyReaderOptions {
  readonly onReading: (reading: KeyReading) => void;
  readonly setTimer: (delayMs: number, fire: () => void) => () => void;
}

/** Keys this close belong to one burst. Scanners send one every 1–30 ms; a busy browser sees some of them later. */
const BURST_GAP_MS = 120;
/** A run is over after this long. Until then a key that came late is still part of the barcode: half a barcode is somebody else's. */
const RUN_GAP_MS = 600;
/** Fewer characters are a person's. */
const MIN_LENGTH = 3;
/** Longest text taken from a scanner; what is longer is noise and forgotten. */
const MAX_LENGTH = 200;

/**
 * Tells a barcode scanner, which types like a keyboard, from a person at the keys. A key is a person's once nothing followed it in time,
 * so that the `g` in a barcode never becomes a shortcut.
 */
export class KeyReader {
  readonly #options: KeyReaderOptions;
  #text = '';
  /** Characters that followed their predecessor at a scanner's pace. */
  #quick = 0;
  #lastAt = Number.NEGATIVE_INFINITY;
  /** Keys at a scanner's pace that nobody was told of yet: a quick typist's `g d` until more follow. */
  #untold = '';
  #cancelKey: () => void = () => {};

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
    const gapMs = at - this.#lastAt;
    this.#lastAt = at;
    if (gapMs > RUN_GAP_MS) this.#forget();
    const quick = gapMs <= BURST_GAP_MS;
    if (quick) this.#cancelKey();
    if (key === 'Enter' || key === 'Tab') return this.#end(key);
    if (key.length !== 1) {
      this.#forget();
      this.#options.onReading({ kind: 'key', key });
      return false;
    }
    if (quick && this.#text !== '') this.#quick++;
    this.#text += key;
    if (this.#text.length > MAX_LENGTH) this.#forget();
    const burst = quick && this.#text.length > 1;
    this.#untold = burst ? this.#untold + key : key;
    const keys = this.#untold;
    if (keys.length < MIN_LENGTH) {
      this.#cancelKey = this.#options.setTimer(BURST_GAP_MS, () => {
        for (const one of keys) this.#options.onReading({ kind: 'key', key: one });
      });
    }
    return burst;
  }

  #end(key: string): boolean {
    const text = this.#text;
    const fromScanner = text.length >= MIN_LENGTH && this.#quick >= text.length / 2;
    this.#cancelKey();
    this.#forget();
    this.#options.onReading(fromScanner ? { kind: 'scan', text } : { kind: 'key', key });
    return fromScanner;
  }

  #forget(): void {
    this.#text = '';
    this.#quick = 0;
  }
}
