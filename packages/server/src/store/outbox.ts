import type { NewEvent } from '@clms/realtime';
import { sql } from 'kysely';
import { inChunks } from './chunks.ts';
import type { Db, Tx } from './open-store.ts';
import { prepared } from './prepared.ts';

/** Lock under which outbox rows are written on Postgres, so that the order of `seq` is the order of commits there too. */
const OUTBOX_LOCK = 720132;

const appendOne = prepared((db, id: string, topic: string, type: string, at: string, event: string) => db.insertInto('outbox').values({ id, topic, type, at, event }).onConflict((conflict) => conflict.column('id').doNothing()));
const rowsAfter = prepared((db, seq: number, limit: number) => db.selectFrom('outbox').select(['seq', 'event']).where('seq', '>', seq).orderBy('seq').limit(limit));

/** Adds events in this order. An event whose id is there already was told before and is left out [ORD2]. */
export async function appendToOutbox(tx: Tx, kind: 'sqlite' | 'postgres', events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return;
  if (kind === 'postgres') await sql`select pg_advisory_xact_lock(${OUTBOX_LOCK})`.execute(tx);
  const [first] = events;
  if (events.length === 1 && first) await appendOne(tx, first.id, first.topic, first.type, first.timestamp, JSON.stringify(first));
  else for (const some of inChunks(events)) {
    await tx
      .insertInto('outbox')
      .values(some.map((event) => ({ id: event.id, topic: event.topic, type: event.type, at: event.timestamp, event: JSON.stringify(event) })))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  }
  if (kind === 'postgres') await sql`select pg_notify('clms_outbox', '')`.execute(tx);
}

export interface OutboxRow {
  readonly seq: number;
  readonly event: NewEvent;
}

/** The outbox as its relay reads it. */
export interface Outbox {
  /** Rows after `seq` in order of commit, at most `limit`. */
  after(seq: number, limit: number): Promise<readonly OutboxRow[]>;
  /** The row of an event; undefined = it does not stand here, or not any more. */
  rowOf(id: string): Promise<OutboxRow | undefined>;
}

export function outboxOf(db: Db): Outbox {
  return {
    after: async (seq, limit) => (await rowsAfter(db, seq, limit)).map(toRow),
    rowOf: async (id) => {
      const row = await db.selectFrom('outbox').select(['seq', 'event']).where('id', '=', id).executeTakeFirst();
      return row && toRow(row);
    },
  };
}

function toRow({ seq, event }: { readonly seq: number; readonly event: string }): OutboxRow {
  return { seq, event: JSON.parse(event) as NewEvent };
}
