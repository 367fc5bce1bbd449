import { inflateRawSync } from 'node:zlib';

export interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** Reads whole frames, for the few connections whose payloads are looked at. Slower than counting by far. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  readonly #onFrame: (frame: Frame) => void;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  /** Bytes of a frame that has not ended yet. */
  get pending(): Buffer {
    return this.#rest;
  }

  /** `chunk` is copied: the caller may reuse its memory. */
  feed(chunk: Uint8Array): void {
    const bytes = Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (bytes.length - at >= 2) {
      const short = bytes[at + 1]! & 0x7f;
      const header = short === 126 ? 4 : short === 127 ? 10 : 2;
      if (bytes.length - at < header) break;
      const size = short === 126 ? bytes.readUInt16BE(at + 2) : short === 127 ? Number(bytes.readBigUInt64BE(at + 2)) : short;
      if (bytes.length - at < header + size) break;
      const payload = bytes.subarray(at + header, at + header + size);
      const compressed = (bytes[at]! & 0x40) !== 0;
      const opcode = bytes[at]! & 0x0f;
      at += header + size;
      this.#onFrame({ opcode, payload: compressed ? inflate(payload) : payload });
    }
    this.#rest = bytes.subarray(at);
  }
}

/** Only right for messages without context takeover: each is a deflate stream of its own (RFC 7692 §7.2.2). */
function inflate(payload: Buffer): Buffer {
  return inflateRawSync(Buffer.concat([payload, Buffer.from([0, 0, 0xff, 0xff])]), { finishFlush: 2 });
}

/** A client's text frame; clients must mask, the mask itself does not matter here. */
export function maskedText(text: string): Buffer {
  const payload = Buffer.from(text);
  const header = payload.length < 126 ? Buffer.from([0x81, 0x80 | payload.length]) : Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([header, Buffer.alloc(4), payload]);
}
