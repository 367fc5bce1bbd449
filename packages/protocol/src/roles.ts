/** Who may be on the wire. People sign in as the first three; KIOSK and DISPLAY are paired devices. */
export const ROLES = ['ADMIN', 'LIBRARIAN', 'STAFF', 'KIOSK', 'DISPLAY'] as const;
export type Role = (typeof ROLES)[number];

export const STAFF_ROLES = ['ADMIN', 'LIBRARIAN', 'STAFF'] as const satisfies readonly Role[];
