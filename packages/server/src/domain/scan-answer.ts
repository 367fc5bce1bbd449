import Type, { type Static } from 'typebox';
import { Instant } from '@clms/protocol';

const SCAN_RESULTS = [
  'CHECKED_IN', 'CHECKED_OUT', 'ALREADY_COUNTED', 'ALREADY_INSIDE', 'BORROWED', 'RETURNED', 'NEED_BOOK', 'LOCATION_FULL', 'REFUSED', 'UNKNOWN',
] as const;
const SCAN_INTENTS = ['CHECK_IN', 'CHECK_OUT', 'BORROW', 'RETURN'] as const;
type ScanIntent = (typeof SCAN_INTENTS)[number];

export const ScanInput = Type.Object(
  {
    barcode: Type.String({ minLength: 1, maxLength: 200, description: 'as the scanner gave it' }),
    station: Type.String({ minLength: 1, maxLength: 100 }),
    scannedAt: Type.Optional(Instant),
    sentAt: Type.Optional(Instant),
    sequence: Type.Optional(Type.Integer({ minimum: 0 })),
    intent: Type.Optional(Type.Enum(SCAN_INTENTS)),
  },
  { additionalProperties: false },
);
export type ScanInput = Static<typeof ScanInput>;

const optional = Type.Optional;
const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const text = optional(OrNull(Type.String()));

// Everything but the name of a person, and every id, is for staff only: `scanForDevice` takes it out.
export const PersonCard = Type.Object({
  name: Type.String({ description: '"Cruz, Aya" for staff, "Aya C." for a device' }),
  id: optional(Type.String()), kind: optional(Type.String()), schoolId: optional(Type.String()), surname: optional(Type.String()), givenName: optional(Type.String()),
  gradeLevel: text, strand: text, gradeCategory: text, section: text,
});
export type PersonCard = Static<typeof PersonCard>;

export const ScanAnswer = Type.Object({
  result: Type.Enum(SCAN_RESULTS),
  code: optional(Type.String({ description: 'the rule that refused: LOAN_LIMIT, OVERDUE, NOT_INSIDE …' })),
  message: Type.String({ description: 'what happened, in words for whoever scanned; no surname and no title' }),
  person: optional(PersonCard),
  visit: optional(Type.Object({
    id: optional(Type.String()), studentId: text, location: Type.String(), checkedInAt: Instant, checkedOutAt: OrNull(Instant), endedBy: text,
  })),
  loan: optional(Type.Object({ id: optional(Type.String()), bookId: optional(Type.String()), studentId: text, loanedAt: optional(Instant), dueAt: Instant, returnedAt: OrNull(Instant), renewals: optional(Type.Integer()), fine: optional(Type.Integer()) })),
  book: optional(Type.Object({ id: Type.String(), titleId: Type.String(), barcode: Type.String(), title: Type.String(), author: text, callNumber: text })),
  equipment: optional(Type.Object({ id: optional(Type.String()), name: Type.String(), type: Type.String(), location: Type.String(), status: Type.String() })),
  notices: Type.Array(Type.Object({ kind: Type.String({ description: 'HOLD_READY …' }), message: Type.String() })),
});
export type ScanAnswer = Static<typeof ScanAnswer>;

/** One scan while it is being judged: where, when on the server's clock, and what the station wants. */
export interface ScanAtWork {
  readonly station: string;
  /** Epoch milliseconds. */
  readonly atMs: number;
  /** Made offline and told later. */
  readonly late: boolean;
  readonly intent: ScanIntent | undefined;
  readonly byStaff: boolean;
}
