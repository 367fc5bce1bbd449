import type { Db } from '../store/open-store.ts';
import type { Unit } from '../domain/unit.ts';
import type { Venue } from '../domain/venue.ts';

/**
 * Work that is due at an instant read from the database: nothing counts down in memory, so a restart forgets nothing and a server that
 * slept does what it missed. The runner asks `nextDueAt` at start, after every commit and after every run, and runs each due job as a unit
 * of the system whose `now` is the instant it was due at (on the test clock) or later.
 */
export interface Job {
  readonly name: string;
  /** Epoch milliseconds of the next thing to do; in the past = at once; undefined = nothing known. */
  nextDueAt(db: Db, now: number, venue: Venue): Promise<number | undefined>;
  /** Does everything due at `unit.now`. Must move `nextDueAt` beyond `unit.now`, or the runner stops with an error. */
  run(unit: Unit): Promise<void>;
}
