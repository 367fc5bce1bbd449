import type { Frame } from './frame.ts';

/** How messages reach one client. A connection owns exactly one; what it means to be a client does not depend on it. */
export interface Transport {
  readonly kind: 'ws' | 'sse' | 'poll';
  /** Bytes handed over that the client's side of the network has not taken yet. */
  readonly bufferedBytes: number;
  /** Bytes that the client's side has taken since the beginning, where that is known more finely than by whole writes. */
  readonly takenBytes?: number;
  /**
   * Hands over the frames of one turn in one write. False = the client does not keep up: hand over nothing more until `onDrain`.
   * The same array may be given to many transports, one after the other: a transport that joins frames keeps the joined bytes in `shared`.
   */
  write(frames: readonly Frame[], shared: SharedWrite): boolean;
  /** Asks for a sign of life, past all queues [LIVE1]. */
  ping(): void;
  /** Says why and ends; what was written before still goes out. */
  close(code: number, reason: string): void;
  /** Ends at once. */
  terminate(): void;
  /** Reads nothing more from the client until `resume`: its messages are coming faster than they can be answered. */
  pause(): void;
  resume(): void;
  /** Set by the connection: the client has taken what was written. */
  onDrain: (() => void) | undefined;
}

/** Bytes joined for the last transport, for the next one with the same frames. */
export interface SharedWrite {
  frames: readonly Frame[] | undefined;
  plain: Buffer | undefined;
  deflated: Buffer | undefined;
  /** For connections that asked for batches: the same frames as one message. */
  batch: Frame | undefined;
}

export const newSharedWrite = (): SharedWrite => ({ frames: undefined, plain: undefined, deflated: undefined, batch: undefined });

/** The frames as one run of bytes; the join is done once for a row of transports that get the same frames. */
export function joinFrames(frames: readonly Frame[], compressed: boolean, shared: SharedWrite): Buffer {
  if (frames.length === 1) return compressed ? frames[0]!.deflated : frames[0]!.plain;
  claim(frames, shared);
  if (compressed) return (shared.deflated ??= join(frames.map((frame) => frame.deflated)));
  return (shared.plain ??= join(frames.map((frame) => frame.plain)));
}

/**
 * Small joins are cut from pieces of memory of this size: groups by the hundred would otherwise ask for memory of their own in every turn.
 * Not larger: what waits for a slow reader keeps the whole piece that it was cut from.
 */
const SLAB_BYTES = 64 * 1024;
let slab = Buffer.alloc(0);
let taken = 0;

function join(parts: readonly Buffer[]): Buffer {
  let size = 0;
  for (const part of parts) size += part.length;
  if (size > SLAB_BYTES / 4) return Buffer.concat(parts, size);
  if (taken + size > slab.length) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
    taken = 0;
  }
  const start = taken;
  for (const part of parts) {
    slab.set(part, taken);
    taken += part.length;
  }
  return slab.subarray(start, taken);
}

/** Makes `shared` the one of these frames, emptied if it was of others. */
export function claim(frames: readonly Frame[], shared: SharedWrite): void {
  if (sameFrames(frames, shared.frames)) return;
  shared.frames = frames;
  shared.plain = undefined;
  shared.deflated = undefined;
  shared.batch = undefined;
}

function sameFrames(frames: readonly Frame[], others: readonly Frame[] | undefined): boolean {
  if (frames === others) return true;
  if (!others || others.length !== frames.length) return false;
  for (let index = 0; index < frames.length; index++) if (frames[index] !== others[index]) return false;
  return true;
}
