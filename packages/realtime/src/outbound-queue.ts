import { framesOf, MOST_BURST_BYTES, type Burst, type Frames } from './burst.ts';
import type { EventText } from './event-text.ts';
import type { Frame } from './frame.ts';

/** What the queue needs to know of a message to decide its fate when the reader is slow [OUT1]. */
export type Item =
  /** Answers, and events that nobody may lose. */
  | { readonly kind: 'keep'; readonly frame: Frame }
  | EventItem;

/** An event of a topic, shared by all members of a group. */
export interface EventItem {
  readonly kind: 'event';
  readonly topic: string;
  readonly offset: number;
  readonly prev: number;
  readonly text: EventText;
  /** Bytes that count against a budget. */
  readonly size: number;
  readonly delivery: 'undroppable' | 'latest' | 'droppable';
  readonly entity: string | undefined;
}

/** A stretch of a topic's events that this connection lost. */
export interface Gap {
  readonly topic: string;
  readonly from: number;
  to: number;
  epoch: string;
}

export type Admission = 'queued' | 'dropped' | 'overflow';

/**
 * Messages that wait for one connection. In front of a reader that keeps up it is empty after every turn; behind a slow one it holds at most
 * `budget` bytes of what may be lost, and `ceiling` bytes of what may not.
 */
export class OutboundQueue {
  #items: (Item | Burst)[] = [];
  /** Bytes of the messages that are not in bursts. */
  #bytes = 0;
  readonly #gaps = new Map<string, Gap>();
  readonly #budget: number;
  readonly #ceiling: number;

  constructor(budget: number, ceiling: number) {
    this.#budget = budget;
    this.#ceiling = ceiling;
  }

  get length(): number {
    return this.#items.reduce((sum, item) => sum + (item.kind === 'burst' ? item.items.length : 1), 0);
  }

  get bytes(): number {
    let bytes = this.#bytes;
    for (const item of this.#items) if (item.kind === 'burst') bytes += item.bytes;
    return bytes;
  }

  /** Takes a burst that will grow, if it can hold whatever comes. False = this connection is to be asked event by event. */
  pushBurst(burst: Burst, buffered: number): boolean {
    if (this.hasGaps || buffered + this.bytes + Math.max(burst.bytes, MOST_BURST_BYTES) > Math.min(this.#budget, this.#ceiling)) return false;
    this.#items.push(burst);
    return true;
  }

  /** Takes a message. `buffered` is what the transport still holds; it counts against the budget, before the message is queued. */
  push(given: Item, buffered: number, epoch: string): Admission {
    let item = given;
    const size = item.kind === 'keep' ? item.frame.size : item.size;
    if (item.kind === 'event' && item.delivery !== 'undroppable') {
      const gap = this.#gaps.get(item.topic);
      // Once a stretch is missing, what follows it is of no use before the client has asked again.
      if (gap) {
        gap.to = item.offset;
        return 'dropped';
      }
      if (buffered + this.bytes + size > this.#budget) {
        if (item.delivery === 'droppable') {
          this.#gaps.set(item.topic, { topic: item.topic, from: item.offset, to: item.offset, epoch });
          return 'dropped';
        }
        item = this.#replaceOlder(item);
      }
    }
    if (buffered + this.bytes + size > this.#ceiling) return 'overflow';
    this.#items.push(item);
    this.#bytes += size;
    return 'queued';
  }

  /** Everything that waits, as frames in order, and nothing waits any more. Connections that waited for one burst only get the same array. */
  takeFrames(): Frames {
    const items = this.#items;
    const [first] = items;
    if (first === undefined) return NOTHING;
    this.#items = [];
    this.#bytes = 0;
    if (items.length === 1 && first.kind === 'burst') return first.takeFrames();
    return framesOf(items.flatMap((item) => (item.kind === 'burst' ? item.takeFrames().frames : item.kind === 'keep' ? item.frame : item.text.frame(item.prev))));
  }

  get hasGaps(): boolean {
    return this.#gaps.size > 0;
  }

  takeGaps(): Gap[] {
    const gaps = [...this.#gaps.values()];
    this.#gaps.clear();
    return gaps;
  }

  /** The subscription is over or starts anew: its events and losses mean nothing any more. */
  forget(topic: string): void {
    this.#gaps.delete(topic);
  }

  clear(): void {
    this.#items = [];
    this.#bytes = 0;
    this.#gaps.clear();
  }

  /** The connection learns without an event that it is to have nothing up to here; false = not now, a stretch before it is missing. */
  mayPass(topic: string, offset: number): boolean {
    const gap = this.#gaps.get(topic);
    if (gap) gap.to = offset;
    return gap === undefined;
  }

  /** [OUT2] Takes out the waiting version of this entity; the event after it in its topic then follows the one before it. */
  #replaceOlder(item: EventItem): EventItem {
    const items = this.#singly();
    const at = items.findIndex((older, place) => older.kind === 'event' && older.topic === item.topic && older.entity === item.entity && !isNamed(items, place));
    if (at === -1) return item;
    const [older] = items.splice(at, 1) as [EventItem];
    this.#bytes -= older.size;
    const next = items.findIndex((other, place) => place >= at && other.kind === 'event' && other.topic === item.topic);
    if (next === -1) return { ...item, prev: older.prev };
    items[next] = { ...(items[next] as EventItem), prev: older.prev };
    return item;
  }

  /** The queue without bursts, which are shared and must not be changed. */
  #singly(): Item[] {
    const bytes = this.bytes;
    const items = this.#items.flatMap((item) => {
      if (item.kind !== 'burst') return item;
      item.end();
      return item.items;
    });
    this.#items = items;
    this.#bytes = bytes;
    return items;
  }
}

/** The newest of its topic before an answer: the answer may be a `pong`, which names its offset as one that the client has by then [POS3]. */
function isNamed(items: readonly Item[], at: number): boolean {
  const { topic } = items[at] as EventItem;
  for (let place = at + 1; place < items.length; place++) {
    const item = items[place]!;
    if (item.kind === 'keep') return true;
    if (item.topic === topic) return false;
  }
  return false;
}

const NOTHING = framesOf([]);
