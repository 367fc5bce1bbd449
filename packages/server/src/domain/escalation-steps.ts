import type { Role } from '@clms/protocol';

/** [NOT2] How long after a notice was raised nobody may have acknowledged it, and who hears of it as well from then on; earliest first. */
export const ESCALATION_STEPS: readonly { readonly afterMs: number; readonly roles: readonly Role[] }[] = [
  { afterMs: 60_000, roles: ['LIBRARIAN', 'STAFF'] },
  { afterMs: 180_000, roles: ['LIBRARIAN', 'STAFF', 'ADMIN'] },
];
