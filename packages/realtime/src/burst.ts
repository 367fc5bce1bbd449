import type { Frame } from './frame.ts';
import type { EventItem } from './outbound-queue.ts';
import type { Group, Subscription } from './subscription-index.ts';

/** Messages as they are written. */
export interface Frames {
  readonly frames: readonly Frame[];
  readonly bytes: number;
}

export function framesOf(frames: readonly Frame[]): Frames {
  let bytes = 0;
  for (const { size } of frames) bytes += size;
  return { frames, bytes };
}

/** A burst takes no more events beyond this: no connection can hold more than its budget allows without having been asked. */
export const MOST_BURST_BYTES = 128 * 1024;

/**
 * The events that one group gets in one turn of the event loop, standing as one thing in the queue of every member that keeps up. An event
 * joins it once, whatever the number of members. It ends when the first member takes it to write it, and when anything changes about the
 * group: who is a member, who holds events back, whose copy differs.
 */
export class Burst {
  readonly kind = 'burst';
  readonly items: EventItem[];
  /** Members that must be judged event by event: still being set up, slow, or short of room. */
  readonly apart: Subscription[] = [];
  bytes: number;
  readonly #group: Group;
  #open = true;
  #frames: Frames | undefined;

  constructor(group: Group, first: EventItem) {
    this.#group = group;
    this.items = [first];
    this.bytes = first.size;
  }

  takes(size: number): boolean {
    return this.#open && this.bytes + size <= MOST_BURST_BYTES;
  }

  add(item: EventItem): this {
    this.items.push(item);
    this.bytes += item.size;
    return this;
  }

  /** Nothing is added any more. */
  end(): void {
    this.#open = false;
    if (this.#group.burst === this) this.#group.burst = undefined;
  }

  /** Ends the burst. The same array for every member: transports join it once. */
  takeFrames(): Frames {
    this.end();
    return (this.#frames ??= framesOf(this.items.map(({ text, prev }) => text.frame(prev))));
  }
}
