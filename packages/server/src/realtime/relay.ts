import type { Broker } from '@clms/realtime';
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
 * memory no longer knows the repeats, and old states would follow newer ones; so a relay that starts, or that failed, goes on behind the newest
 * event that the broker has: all before it have been published.
 */
export class Relay {
  readonly #outbox: Outbox;
  readonly #broker: Broker;
  readonly #topics: readonly string[];
  readonly #log: Log;
  #seq = 0;
  /** Whether `#seq` is known to be where the broker stands. */
  #placed = false;
  #running: Promise<void> | undefined;
  #again = false;

  /** `topics` = those whose events stand in the outbox. */
  constructor(outbox: Outbox, broker: Broker, topics: readonly string[], log: Log) {
    this.#outbox = outbox;
    this.#broker = broker;
    this.#topics = topics;
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
        if (!this.#placed) await this.#findPlace();
        await this.#publishRest();
      }
    } catch (error) {
      this.#placed = false;
      throw error;
    } finally {
      // In the same step as the last look at `again`, so that no call falls between the two.
      this.#running = undefined;
    }
  }

  async #findPlace(): Promise<void> {
    const newest = await Promise.all(this.#topics.map((topic) => this.#broker.recent(topic, 1)));
    const ids = newest.flat().map(({ id }) => id);
    const place = ids.length === 0 ? undefined : await this.#outbox.placeOf(ids);
    this.#seq = Math.max(this.#seq, place ?? 0);
    this.#placed = true;
  }

  async #publishRest(): Promise<void> {
    for (;;) {
      const rows = await this.#outbox.after(this.#seq, BATCH);
      if (rows.length === 0) return;
      await this.#broker.publish(rows.map((row) => row.event));
      this.#seq = rows.at(-1)!.seq;
      if (rows.length < BATCH) return;
    }
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
