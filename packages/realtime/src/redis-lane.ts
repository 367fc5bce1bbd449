import type { TopicEvent } from './broker.ts';

export interface LaneOptions {
  readonly topic: string;
  /** Events of the history with offsets from `from` on, oldest first; fewer than asked for means the end. */
  read(from: number): Promise<readonly TopicEvent[]>;
  deliver(events: readonly TopicEvent[]): void;
  /** Events between the position and `head` are gone from the history: nobody can be told of them any more. */
  lost(head: number): void;
  failed(error: Error): void;
}

/**
 * One topic's way from Redis to the listener: strictly in order, each offset once. What pub/sub brings is taken when it is the very next event;
 * anything that leaves a hole is thrown away and read from the history instead, so nothing has to be buffered while catching up.
 */
export class RedisLane {
  #offset: number;
  #wanted: number;
  #reading = false;
  #closed = false;
  readonly #options: LaneOptions;
  readonly #waiters = new Set<{ readonly offset: number; readonly resolve: () => void; readonly reject: (error: Error) => void }>();

  constructor(offset: number, options: LaneOptions) {
    this.#offset = offset;
    this.#wanted = offset;
    this.#options = options;
  }

  /** Newest offset the listener was told of. */
  get offset(): number {
    return this.#offset;
  }

  /** Events as pub/sub brought them: ascending, perhaps with some already known, perhaps after a hole. */
  take(events: readonly TopicEvent[]): void {
    this.#wanted = Math.max(this.#wanted, events.at(-1)!.offset);
    if (this.#reading) return;
    const fresh = events.filter((event) => event.offset > this.#offset);
    if (fresh.length === 0) return;
    if (fresh[0]!.offset === this.#offset + 1) this.#tell(fresh);
    else void this.#catchUp();
  }

  /** Says that the history reaches to `head`: what was not told yet is read. */
  reachTo(head: number): void {
    this.#wanted = Math.max(this.#wanted, head);
    if (!this.#reading && this.#offset < this.#wanted) void this.#catchUp();
  }

  /** Resolves when the listener has been told of `offset`; rejects when the lane is closed before. */
  reached(offset: number): Promise<void> {
    if (this.#offset >= offset) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiters.add({ offset, resolve, reject }));
  }

  /** The epoch is over. */
  close(): void {
    this.#closed = true;
    this.interrupt(new Error(`the history of ${this.#options.topic} was lost`));
  }

  /** Rejects who waits; the lane itself goes on. */
  interrupt(error: Error): void {
    for (const waiter of this.#waiters) waiter.reject(error);
    this.#waiters.clear();
  }

  async #catchUp(): Promise<void> {
    this.#reading = true;
    try {
      while (this.#offset < this.#wanted && !this.#closed) {
        const events = await this.#options.read(this.#offset + 1);
        if (this.#closed) return;
        if (events[0]?.offset === this.#offset + 1) this.#tell(events);
        else this.#skipTo(Math.max(this.#wanted, this.#offset));
      }
    } catch (error) {
      // The session's end tells the rest; its successor starts again from this lane's position.
      this.#options.failed(error as Error);
    } finally {
      this.#reading = false;
    }
  }

  #skipTo(head: number): void {
    this.#offset = head;
    this.#options.lost(head);
    this.#wake();
  }

  #tell(events: readonly TopicEvent[]): void {
    this.#offset = events.at(-1)!.offset;
    this.#options.deliver(events);
    this.#wake();
  }

  #wake(): void {
    for (const waiter of this.#waiters) {
      if (waiter.offset > this.#offset) continue;
      this.#waiters.delete(waiter);
      waiter.resolve();
    }
  }
}
