export const STAFF_ROLE_WORDS = { ADMIN: 'Administrator', LIBRARIAN: 'Librarian', STAFF: 'Staff' } as const;
export type StaffRole = keyof typeof STAFF_ROLE_WORDS;

export interface User {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly role: StaffRole;
  readonly active: boolean;
  readonly version: number;
  readonly createdAt: string;
}
