import Type, { type Static } from 'typebox';
import type { Selectable } from 'kysely';
import { Instant } from '@clms/protocol';
import type { Tables } from '../store/tables.ts';

export type VisitRow = Selectable<Tables['visits']>;

/** Who or what ended a visit: the card, the desk, closing time, the erasing of the person's data. */
export type VisitEnd = 'SCAN' | 'STAFF' | 'CLOSING' | 'ERASED';

const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const Visit = Type.Object({
  id: Type.String(),
  studentId: OrNull(Type.String()),
  location: Type.String(),
  checkedInAt: Instant,
  checkedOutAt: OrNull(Instant),
  endedBy: OrNull(Type.String({ description: 'SCAN, STAFF, CLOSING or ERASED' })),
  station: OrNull(Type.String()),
  override: Type.Boolean({ description: 'let in although the place was full, or the person inactive' }),
  reason: OrNull(Type.String()),
  version: Type.Integer(),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Visit = Static<typeof Visit>;

export function toVisit(row: VisitRow): Visit {
  const { id, personId, location, checkedInAt, checkedOutAt, endedBy, station, override, reason, version, createdAt, updatedAt } = row;
  return { id, studentId: personId, location, checkedInAt, checkedOutAt, endedBy, station, override: override === 1, reason, version, createdAt, updatedAt };
}
