import { randomBytes } from 'node:crypto';

const node = randomBytes(4).toString('hex');
let counter = 0;

/** A message id: unique across nodes and, as text, in order of time [ENV3]. Cheap, because every answer needs one. */
export function newMessageId(nowMs: number): string {
  counter = (counter + 1) % 0x1000000;
  return `msg_${String(nowMs).padStart(13, '0')}_${counter.toString(16).padStart(6, '0')}${node}`;
}

export function newClientId(nowMs: number): string {
  return `client_${nowMs}_${randomBytes(6).toString('hex')}`;
}
