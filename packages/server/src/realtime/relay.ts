import { Misplaced, type Broker, type Place } from '@clms/realtime';
import { randomBytes } from 'node:crypto';
import type { Outbox } from '../store/outbox.ts';
import type { Store } from '../store/open-store.ts';

/** Rows read and published at a time. */
const BATCH = 500;

interface Log {
  error(details: Record<string, unknown>, message: string): void;
}

/**
 * Carries committed events from the outbox to the broker, in order of commit.
 *
 * At least once: a row may be published again after a crash or by another node, and the broker drops the repeat by its id. Order holds with
 * several nodes too: each publishes every row before the next, so whoever is first, a row never overtakes an earlier one. A broker that lost its
 * memory no longer knows the repeats; it says so, and the relay goes on behind the newest row that any node has published since.
 */
export class Relay {
  readonly #outbox: Outbox;
  readonly #broker: Broker;
  readonly #log: Log;
  #seq = 0;
  /** The row at `#seq`, and the newest that the broker had when this was looked up; undefined = to be looked up. */
  #place: Place | undefined;
  #running: Promise<void> | undefined;
  #again = false;

  constructor(outbox: Outbox, broker: Broker, log: Log) {
    this.#outbox = outbox;
    this.#broker = broker;
    this.#log = log;
  }

  /** Publishes everything committed so far; resolves when the broker has it all. */
  catchUp(): Promise<void> {
    this.#again = true;
    this.#running ??= this.#loop();
    return this.#running;
  }

  /** Like `catchUp`, for callers who do not wait. What fails stays in the outbox and goes with the next call. */
  wake(): void {
    this.catchUp().catch((error: unknown) => this.#log.error({ err: error }, 'events could not be published; they stay in the outbox and are tried again'));
  }

  async #loop(): Promise<void> {
    try {
      while (this.#again) {
        this.#again = false;
        await this.#publishRest();
      }
    } finally {
      // In the same step as the last look at `again`, so that no call falls between the two.
      this.#running = undefined;
    }
  }

  async #publishRest(): Promise<void> {
    for (;;) {
      const place = (this.#place ??= await this.#findPlace());
      const rows = await this.#outbox.after(this.#seq, BATCH);
      if (rows.length === 0) return;
      try {
        await this.#broker.publish(rows.map((row) => row.event), place);
      } catch (error) {
        this.#place = undefined;
        if (error instanceof Misplaced) continue;
        throw error;
      }
      const last = rows.at(-1)!;
      this.#seq = last.seq;
      this.#place = { behind: last.event, newest: last.event.id };
      if (rows.length < BATCH) return;
    }
  }

  async #findPlace(): Promise<Place> {
    const newest = await this.#broker.newestPlaced?.();
    const row = newest === undefined ? undefined : await this.#outbox.rowOf(newest);
    // Back as well as on: in each epoch the rows follow each other without a hole, or what one node left out another would bring too late.
    if (row) this.#seq = row.seq;
    return { behind: row?.event, newest };
  }
}

/**
 * Where each durable topic's history begins: epoch, and how many events were pruned before the oldest row kept. A memory broker seeded with it
 * gives the retained events, published again at start, the offsets they had: a restart loses no position [SUB6].
 */
export async function readSeeds(store: Store, topics: readonly string[]): Promise<Record<string, { epoch: string; offset: number }>> {
  return store.transaction(async (tx) => {
    for (const topic of topics) {
      await tx
        .insertInto('topicPositions')
        .values({ topic, epoch: randomBytes(8).toString('hex'), pruned: 0 })
        .onConflict((conflict) => conflict.column('topic').doNothing())
        .execute();
    }
    const rows = await tx.selectFrom('topicPositions').selectAll().where('topic', 'in', topics).execute();
    return Object.fromEntries(rows.map((row) => [row.topic, { epoch: row.epoch, offset: row.pruned }]));
  });
}
