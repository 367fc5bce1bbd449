/** What the server made of a scan. */
export interface ScanAnswer {
  readonly result: 'CHECKED_IN' | 'CHECKED_OUT' | 'ALREADY_COUNTED' | 'ALREADY_INSIDE' | 'BORROWED' | 'RETURNED' | 'NEED_BOOK' | 'LOCATION_FULL' | 'REFUSED' | 'UNKNOWN';
  /** The rule that refused. */
  readonly code?: string;
  readonly message: string;
  readonly person?: ScannedPerson;
  readonly visit?: { readonly id?: string; readonly studentId?: string | null; readonly location: string; readonly checkedInAt: string; readonly checkedOutAt: string | null };
  readonly loan?: { readonly id?: string; readonly bookId?: string; readonly studentId?: string | null; readonly dueAt: string; readonly returnedAt: string | null; readonly fine?: number };
  readonly book?: { readonly id: string; readonly titleId: string; readonly barcode: string; readonly title: string; readonly author?: string | null };
  readonly equipment?: { readonly id?: string; readonly name: string; readonly type: string; readonly location: string; readonly status: string };
  readonly notices: readonly { readonly kind: string; readonly message: string }[];
}

/** `name` is "Cruz, Aya" for staff and "Aya C." for a kiosk; a kiosk gets nothing else. */
export interface ScannedPerson {
  readonly name: string;
  readonly id?: string;
  readonly kind?: string;
  readonly gradeLevel?: string | null;
  readonly strand?: string | null;
  readonly section?: string | null;
}
