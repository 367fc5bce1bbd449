import type { Action, KeptAction } from './action.ts';

/** Finished commands that stay visible per workstation; older ones are forgotten. Kept commands are never forgotten. */
export const DONE_SHOWN = 200;
/** Commands that may wait; a desk that reaches it has been away for weeks, and is told. */
export const KEPT_LIMIT = 10_000;

/** The journal is full: nothing was recorded. */
export class JournalFullError extends Error {
  override name = 'JournalFullError';
}

/** Where the journal lives. Every write is complete, and survives a crash if the store does, when its promise resolves. */
export interface JournalStore {
  /** Whether it outlives the page. */
  readonly durable: boolean;
  /** Gives the command the next sequence number of its workstation and keeps it. Throws `JournalFullError` at the limit. */
  add(action: Omit<Action, 'sequence'>): Promise<Action>;
  /** Replaces a command by its next state. */
  put(action: Action): Promise<void>;
  /** The oldest kept command of a workstation. */
  oldestKept(workstation: string): Promise<KeptAction | undefined>;
  /** Everything, in order of workstation and sequence. */
  all(): Promise<Action[]>;
  /**
   * Takes or renews the right to send for a workstation until `untilMs`; false = another holder's has not run out at `nowMs`. For
   * surroundings without Web Locks.
   */
  lease(workstation: string, holder: string, nowMs: number, untilMs: number): Promise<boolean>;
  release(workstation: string, holder: string): Promise<void>;
  /** Resolves when it has let go of whatever it held. */
  close(): Promise<void>;
}
