import type { NewEvent, Target } from '@clms/realtime';
import type { Static, TSchema } from 'typebox';
import type { TOPICS, TopicName } from '@clms/protocol';
import type { Tx } from '../store/open-store.ts';
import type { Actor } from './actor.ts';
import { toInstant } from './instant.ts';
import type { Venue } from './venue.ts';

type EventData<T extends TopicName, K extends keyof (typeof TOPICS)[T]['events']> = Static<(typeof TOPICS)[T]['events'][K] & TSchema>;

export interface AuditEntry {
  readonly action: string;
  readonly entity?: string;
  readonly entityId?: string;
  readonly outcome?: string;
  /** Never a password, a token or a name of a pupil. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * One command at work: a transaction, the moment it happens at, who asked, and what will be told when it has committed.
 * Services take it as their first argument and hold no state of their own. What is published or audited here is written in the
 * same transaction as the change, or not at all.
 *
 * A service looks before it writes and refuses by throwing a `Refusal`. Where two commands race past the look, the unique index stops the
 * second, and its whole unit runs again: then the look finds the winner.
 */
export interface Unit {
  readonly db: Tx;
  /** Epoch milliseconds; the same through the whole unit. */
  readonly now: number;
  /** `now` as ISO 8601 UTC. */
  readonly at: string;
  readonly actor: Actor;
  readonly venue: Venue;
  publish<T extends TopicName, K extends keyof (typeof TOPICS)[T]['events'] & string>(topic: T, type: K, data: EventData<T, K>, meta?: NewEvent['meta']): void;
  /** A direct message: to a user's tabs, to a role, or to everybody. */
  send(target: Target, type: string, data: unknown, excludeClientId?: string): void;
  audit(entry: AuditEntry): void;
  /**
   * Makes units that name the same thing run one after the other until they commit: what a look says then still holds at the write. On SQLite
   * transactions do so anyway. For things that have no row of their own; see `row-locks.ts` for the others.
   */
  lock(what: string): Promise<void>;
  /** Says that settings, policies or calendar were written: units that begin after this one's commit see them. */
  venueChanged(): void;
  /** Runs after the commit, never after a rollback: for what is not in the database (closing sockets, waking a job). */
  afterCommit(work: () => void): void;
}

/** The same unit, seen from another moment: for what happened earlier and is written now. What it publishes keeps the time of the commit. */
export function atInstant(unit: Unit, ms: number): Unit {
  return { ...unit, now: ms, at: toInstant(ms) };
}
