import type { Role } from '@clms/protocol';

/** Who asks. Commands of the library itself (closing, expiry) come from the system. */
export type Actor =
  | { readonly kind: 'user'; readonly id: string; readonly name: string; readonly role: 'ADMIN' | 'LIBRARIAN' | 'STAFF'; readonly sessionId: string; readonly address?: string }
  | { readonly kind: 'device'; readonly id: string; readonly name: string; readonly role: 'KIOSK' | 'DISPLAY'; readonly station?: string; readonly location?: string; readonly address?: string }
  | { readonly kind: 'apiKey'; readonly id: string; readonly name: string; readonly scopes: readonly string[]; readonly address?: string }
  | { readonly kind: 'system'; readonly id: 'system'; readonly name: 'System' };

export const SYSTEM: Actor = { kind: 'system', id: 'system', name: 'System' };

export function roleOf(actor: Actor): Role | undefined {
  return actor.kind === 'user' || actor.kind === 'device' ? actor.role : undefined;
}
