import { constants, deflateRawSync } from 'node:zlib';

/** Shorter messages go uncompressed [UP7]: the header and the work would cost more than they save. */
export const COMPRESSION_THRESHOLD = 1024;
const FIN_TEXT = 0x81;
const RSV1 = 0x40;

/**
 * One message, ready for any connection: encoded once, shared by reference, compressed once when the first connection asks for it.
 * Compression keeps no context, so the same bytes serve every recipient.
 */
export class Frame {
  /** JSON text as UTF-8. */
  readonly payload: Buffer;
  #plain: Buffer | undefined;
  #deflated: Buffer | undefined;

  constructor(text: string | Buffer) {
    this.payload = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  }

  /** Bytes that count against a connection's budget. */
  get size(): number {
    return this.payload.length;
  }

  /** The message as a WebSocket frame. */
  get plain(): Buffer {
    return (this.#plain ??= withHeader(this.payload, FIN_TEXT));
  }

  /** The same for connections with permessage-deflate; short messages and those that do not shrink stay plain, as the extension allows. */
  get deflated(): Buffer {
    if (this.payload.length < COMPRESSION_THRESHOLD) return this.plain;
    return (this.#deflated ??= deflateFrame(this.payload) ?? this.plain);
  }
}

function deflateFrame(payload: Buffer): Buffer | undefined {
  const deflated = deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH, level: 1 });
  // RFC 7692, 7.2.1: the four bytes 00 00 ff ff of the flush are left out.
  const body = deflated.subarray(0, deflated.length - 4);
  return body.length < payload.length ? withHeader(body, FIN_TEXT | RSV1) : undefined;
}

function withHeader(payload: Buffer, first: number): Buffer {
  const length = payload.length;
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(headerLength + length);
  frame[0] = first;
  if (length < 126) frame[1] = length;
  else if (length < 65_536) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
    frame.writeUInt32BE(length >>> 0, 6);
  }
  payload.copy(frame, headerLength);
  return frame;
}
