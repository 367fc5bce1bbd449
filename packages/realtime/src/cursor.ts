import { INBOX } from '@clms/protocol';
import type { Frame } from './frame.ts';

/** Where a client stands in a topic. */
export interface Cursor {
  readonly epoch: string;
  readonly offset: number;
}

/** What of a message moves positions. */
interface Facts {
  readonly type: string;
  readonly topic?: string;
  readonly offset?: number;
  readonly data: { readonly topic?: string; readonly epoch?: string; readonly offset?: number; readonly recovered?: boolean; readonly snapshot?: unknown };
}

/** Frames are shared by all their recipients: each is read once. */
const read = new WeakMap<Frame, Facts>();

export function factsOfFrame(frame: Frame): Facts {
  let facts = read.get(frame);
  if (!facts) read.set(frame, (facts = JSON.parse(frame.payload.toString()) as Facts));
  return facts;
}

/**
 * Follows a stream of frames and knows, after each, the position of every topic in it. A transport that cannot be asked again hands these
 * positions to its client, who brings them to whichever node it comes to next [FB3].
 */
export class CursorTracker {
  readonly #cursors = new Map<string, Cursor>();
  /** Topics with a gap: what comes after it must not move the position past what was lost. */
  readonly #held = new Set<string>();

  /** `since` = positions that the client brought along; `inbox` = where its direct messages begin. */
  constructor(since: ReadonlyMap<string, Cursor>, inbox: Cursor) {
    for (const [topic, cursor] of since) this.#cursors.set(topic, cursor);
    if (!this.#cursors.has(INBOX)) this.#cursors.set(INBOX, inbox);
  }

  see(frame: Frame): void {
    const { type, topic, offset, data } = factsOfFrame(frame);
    if (topic !== undefined && offset !== undefined) this.#move(topic, offset);
    else if (type === 'position') this.#move(data.topic!, data.offset!);
    else if (type === 'gap') this.#held.add(data.topic!);
    else if (type === 'subscribed' && data.recovered !== true) {
      this.#held.delete(data.topic!);
      this.#cursors.set(data.topic!, { epoch: data.epoch!, offset: data.offset! });
    }
  }

  get cursors(): Readonly<Record<string, Cursor>> {
    return Object.fromEntries(this.#cursors);
  }

  /** One line of printable characters, for `Last-Event-ID`. */
  toString(): string {
    return [...this.#cursors].map(([topic, { epoch, offset }]) => `${encodeURIComponent(topic)}=${encodeURIComponent(epoch)}:${offset}`).join(',');
  }

  #move(topic: string, offset: number): void {
    const cursor = this.#cursors.get(topic);
    if (cursor && !this.#held.has(topic) && offset > cursor.offset) this.#cursors.set(topic, { epoch: cursor.epoch, offset });
  }
}

/** Reads what `toString` wrote; undefined = it was not written by it. */
export function parseCursors(text: string): Map<string, Cursor> | undefined {
  const cursors = new Map<string, Cursor>();
  for (const part of text.split(',')) {
    const [, topic, epoch, offset] = /^([^=:,]{1,200})=([^=:,]{1,200}):(\d{1,15})$/.exec(part) ?? [];
    if (topic === undefined) return undefined;
    try {
      cursors.set(decodeURIComponent(topic), { epoch: decodeURIComponent(epoch!), offset: Number(offset) });
    } catch {
      return undefined; // a percent sign that encodes nothing
    }
  }
  return cursors;
}
