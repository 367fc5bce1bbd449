/**
 * Counts WebSocket data frames by their headers alone: payloads are stepped over, not read, so that one process can follow millions of
 * frames a second. Frames may be cut anywhere between two chunks.
 */
export class FrameCounter {
  count = 0;
  /** Payload bytes still to come of the frame whose header was seen last. */
  #skip = 0;
  readonly #header = new Uint8Array(10);
  #headerLength = 0;
  readonly #ignoreUpTo: number;

  /** Data frames with payloads of `ignoreUpTo` bytes or fewer (a peer's heartbeats, say) are not counted. */
  constructor(ignoreUpTo: number) {
    this.#ignoreUpTo = ignoreUpTo;
  }

  feed(chunk: Uint8Array, length: number): void {
    let at = this.#skip;
    if (at >= length) {
      this.#skip -= length;
      return;
    }
    this.#skip = 0;
    if (this.#headerLength > 0) at = this.#finishHeader(chunk, at, length);
    while (at < length) {
      if (length - at < 10 && length - at < headerSize(chunk, at, length)) {
        this.#headerLength = length - at;
        this.#header.set(chunk.subarray(at, length));
        return;
      }
      at += this.#count(chunk, at);
    }
    this.#skip = at - length;
  }

  #finishHeader(chunk: Uint8Array, from: number, length: number): number {
    let at = from;
    while (at < length && (this.#headerLength < 2 || this.#headerLength < headerSize(this.#header, 0, this.#headerLength))) {
      this.#header[this.#headerLength++] = chunk[at++]!;
    }
    if (this.#headerLength < 2 || this.#headerLength < headerSize(this.#header, 0, this.#headerLength)) return at;
    const whole = this.#count(this.#header, 0);
    const left = whole - this.#headerLength;
    this.#headerLength = 0;
    return at + left;
  }

  /** Counts the frame whose header starts at `at`; returns the bytes of header and payload together. */
  #count(bytes: Uint8Array, at: number): number {
    const short = bytes[at + 1]! & 0x7f;
    let header = 2;
    let size = short;
    if (short === 126) {
      header = 4;
      size = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    } else if (short === 127) {
      header = 10;
      size = ((bytes[at + 6]! << 24) >>> 0) + (bytes[at + 7]! << 16) + (bytes[at + 8]! << 8) + bytes[at + 9]!;
    }
    if ((bytes[at]! & 0x88) === 0x80 && size > this.#ignoreUpTo) this.count++;
    return header + size;
  }
}

function headerSize(bytes: Uint8Array, at: number, length: number): number {
  if (length - at < 2) return 2;
  const short = bytes[at + 1]! & 0x7f;
  return short === 126 ? 4 : short === 127 ? 10 : 2;
}
