import type { Signal } from './broker.ts';
import type { PresenceSignal } from './presence.ts';
import type { ManagerStatus } from './status.ts';

/** What every node has to do for its own connections. */
export type Order =
  /** [AUTH4] A session or all of a user's sessions are over; `exceptSessionId` stays (who changed the own password). */
  | { readonly kind: 'revoke'; readonly sessionId?: string; readonly userId?: string; readonly exceptSessionId?: string }
  /** [AUTH3] */
  | { readonly kind: 'role'; readonly userId: string; readonly role: string }
  | PresenceSignal;

/** What one node asks the others. */
export type Question =
  /** Answered with a list of `ConnectionInfo`. */
  | { readonly ask: 'connections' }
  /** Answered with true by the node that had the connection and closed it. */
  | { readonly ask: 'close'; readonly clientId: string; readonly code: number; readonly reason: string };

/** What nodes tell each other. */
export type ManagerSignal =
  /** Of another node; the sender has obeyed already. */
  | { readonly kind: 'order'; readonly nodeId: string; readonly order: Order }
  /** A node's status, repeated, for the sum over all. */
  | { readonly kind: 'status'; readonly nodeId: string; readonly status: ManagerStatus }
  /** The node is closing: the others need not wait for its silence. */
  | { readonly kind: 'left'; readonly nodeId: string }
  | { readonly kind: 'question'; readonly id: string; readonly nodeId: string; readonly question: Question }
  | { readonly kind: 'answer'; readonly id: string; readonly nodeId: string; readonly answer: unknown };

const KINDS: readonly string[] = ['order', 'status', 'left', 'question', 'answer'] satisfies ManagerSignal['kind'][];

/** Undefined = not one of ours: another program, or another version. */
export function asManagerSignal(signal: Signal): ManagerSignal | undefined {
  return KINDS.includes(signal.kind) ? (signal as unknown as ManagerSignal) : undefined;
}
