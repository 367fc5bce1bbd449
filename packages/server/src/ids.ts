import { randomBytes } from 'node:crypto';

/** A new opaque id: what it names, then 80 random bits. */
export function newId(prefix: string): string {
  return `${prefix}_${randomBytes(10).toString('hex')}`;
}

/** A new message id: sorts by time as text, unique across nodes [ENV3]. */
export function newEventId(nowMs: number): string {
  return `msg_${String(nowMs).padStart(13, '0')}_${randomBytes(8).toString('hex')}`;
}
