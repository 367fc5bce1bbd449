import { randomFillSync } from 'node:crypto';

/** Random bytes in stock: asking the system for each id costs more than the rest of a check-in's arithmetic. No byte is used twice. */
const stock = Buffer.alloc(4096);
let used = stock.length;

function randomHex(bytes: number): string {
  if (used + bytes > stock.length) {
    randomFillSync(stock);
    used = 0;
  }
  const taken = stock.toString('hex', used, used + bytes);
  used += bytes;
  return taken;
}

/** A new opaque id: what it names, then 80 random bits. */
export function newId(prefix: string): string {
  return `${prefix}_${randomHex(10)}`;
}

let made = 0;

/** A new message id: sorts by time as text, those of one millisecond in the order they were made; unique across nodes [ENV3]. */
export function newEventId(nowMs: number): string {
  made = (made + 1) % 0x1000000;
  return `msg_${String(nowMs).padStart(13, '0')}_${made.toString(16).padStart(6, '0')}${randomHex(6)}`;
}
