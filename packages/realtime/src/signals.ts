import type { Signal } from './broker.ts';
import type { ManagerStatus } from './status.ts';
import type { PresenceSignal } from './presence.ts';

/** What nodes tell each other. Each is obeyed by every node, the sender included. */
export type ManagerSignal =
  /** [AUTH4] A session or all of a user's sessions are over; `exceptSessionId` stays (who changed the own password). */
  | { readonly kind: 'revoke'; readonly sessionId?: string; readonly userId?: string; readonly exceptSessionId?: string }
  /** [AUTH3] */
  | { readonly kind: 'role'; readonly userId: string; readonly role: string }
  | { readonly kind: 'close'; readonly clientId: string; readonly code: number; readonly reason: string }
  /** A node's status, repeated, for the sum over all. */
  | { readonly kind: 'status'; readonly nodeId: string; readonly status: ManagerStatus }
  | PresenceSignal;

export function asManagerSignal(signal: Signal): ManagerSignal | undefined {
  return ['revoke', 'role', 'close', 'status', 'presence'].includes(signal.kind) ? (signal as unknown as ManagerSignal) : undefined;
}
