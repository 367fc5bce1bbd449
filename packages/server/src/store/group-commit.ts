import { sql } from 'kysely';
import type { Db, Tx } from './open-store.ts';

/** Units that share one commit at most: the event loop is held so long, and a failed commit takes so many with it. */
const LARGEST_GROUP = 32;

interface Pending {
  readonly work: (tx: Tx) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly kind: 'done'; readonly value: unknown } | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Transactions of a database with one writer. What asks for one in the same turn of the event loop runs one after the other and shares one
 * commit, and so one sync of the disk, which costs more than all the rest. Each keeps its own all or nothing: one that fails is taken back
 * alone, by its savepoint. Nothing resolves before the commit that makes it durable. Waiting work is bounded by the requests that wait for it.
 */
export class GroupCommit {
  readonly #db: Db;
  readonly #pending: Pending[] = [];
  #running: Promise<void> | undefined;

  constructor(db: Db) {
    this.#db = db;
  }

  run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#pending.push({ work, resolve: resolve as (value: unknown) => void, reject });
      this.#running ??= this.#loop();
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #loop(): Promise<void> {
    while (this.#pending.length > 0) {
      // The other requests of this turn join; between groups the sockets get theirs.
      await new Promise<void>((resolve) => setImmediate(resolve));
      await this.#commit(this.#pending.splice(0, LARGEST_GROUP));
    }
    // In the same step as the look above: whoever comes later starts the loop again.
    this.#running = undefined;
  }

  async #commit(group: readonly Pending[]): Promise<void> {
    const [first] = group;
    if (group.length === 1 && first) {
      await this.#db.transaction().execute(first.work).then(first.resolve, first.reject);
      return;
    }
    const outcomes: Outcome[] = [];
    try {
      await this.#db.transaction().execute(async (tx) => {
        for (const { work } of group) outcomes.push(await inSavepoint(tx, work));
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
      return;
    }
    outcomes.forEach((outcome, index) => {
      const { resolve, reject } = group[index]!;
      if (outcome.kind === 'done') resolve(outcome.value);
      else reject(outcome.error);
    });
  }
}

async function inSavepoint(tx: Tx, work: (tx: Tx) => Promise<unknown>): Promise<Outcome> {
  await sql`savepoint one_of_group`.execute(tx);
  try {
    const value = await work(tx);
    await sql`release one_of_group`.execute(tx);
    return { kind: 'done', value };
  } catch (error) {
    await takeBack(tx, error);
    return { kind: 'failed', error };
  }
}

async function takeBack(tx: Tx, error: unknown): Promise<void> {
  try {
    await sql`rollback to one_of_group`.execute(tx);
    await sql`release one_of_group`.execute(tx);
  } catch {
    throw error; // a full disk took the whole group back already; that is worth more than that its savepoint is gone
  }
}
