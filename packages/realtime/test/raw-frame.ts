/** A frame as a client may send it, right or wrong. */
export interface RawFrame {
  readonly opcode: number;
  readonly payload?: Buffer | string;
  readonly fin?: boolean;
  /** The three reserved bits: 4 = RSV1, 2 = RSV2, 1 = RSV3. */
  readonly rsv?: number;
  readonly masked?: boolean;
  /** How the length is written; the shortest form unless told otherwise. */
  readonly lengthForm?: 7 | 16 | 64;
  /** The length told in the header, when it is not the payload's. */
  readonly claimedLength?: bigint;
}

export const OPCODE = { CONTINUATION: 0, TEXT: 1, BINARY: 2, CLOSE: 8, PING: 9, PONG: 10 } as const;

const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

export function encodeFrame({ opcode, payload = '', fin = true, rsv = 0, masked = true, lengthForm, claimedLength }: RawFrame): Buffer {
  const body = Buffer.from(payload as Buffer);
  const length = claimedLength ?? BigInt(body.length);
  const form = lengthForm ?? (length < 126n ? 7 : length < 65_536n ? 16 : 64);
  const header = Buffer.alloc(form === 7 ? 2 : form === 16 ? 4 : 10);
  header[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  header[1] = (masked ? 0x80 : 0) | (form === 7 ? Number(length) : form === 16 ? 126 : 127);
  if (form === 16) header.writeUInt16BE(Number(length), 2);
  if (form === 64) header.writeBigUInt64BE(length, 2);
  if (!masked) return Buffer.concat([header, body]);
  return Buffer.concat([header, MASK, body.map((byte, i) => byte ^ MASK[i % 4]!)]);
}

export function closePayload(code: number, reason: string | Buffer = ''): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(code);
  return Buffer.concat([bytes, Buffer.from(reason as Buffer)]);
}
