import Type, { type Static } from 'typebox';
import { Instant } from '@clms/protocol';
import type { Db } from '../store/open-store.ts';
import { openVisitOf } from './attendance.ts';
import { openSessionOf } from './equipment-rows.ts';
import { Hold, holdEntity } from './holds.ts';
import { Loan, loanEntities, openLoansOf } from './loan-view.ts';
import { Person, toPerson, type PersonRow } from './person.ts';
import type { Venue } from './venue.ts';
import { toVisit, Visit } from './visit.ts';

const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Everything the desk shows of whoever stands before it. */
export const DeskCard = Type.Object({
  person: Person,
  visit: OrNull(Visit),
  session: OrNull(Type.Object({ id: Type.String(), equipmentId: Type.String(), equipmentName: Type.String(), startedAt: Instant, endsAt: OrNull(Instant), extensions: Type.Integer() })),
  loans: Type.Array(Loan),
  holds: Type.Array(Hold),
  waiting: Type.Array(Type.Object({ id: Type.String(), type: Type.String(), number: Type.Integer(), claimUntil: OrNull(Instant) })),
});
export type DeskCard = Static<typeof DeskCard>;

export async function deskCard(db: Db, person: PersonRow, now: number, venue: Venue): Promise<DeskCard> {
  const visit = await openVisitOf(db, person.id);
  const session = await openSessionOf(db, person.id);
  const item = session && (await db.selectFrom('equipment').select('name').where('id', '=', session.equipmentId).executeTakeFirst());
  const holds = await db.selectFrom('holds').selectAll().where('personId', '=', person.id).where('status', 'in', ['WAITING', 'READY']).orderBy('placedAt').execute();
  const waiting = await db.selectFrom('waitingList').select(['id', 'type', 'number', 'claimUntil']).where('personId', '=', person.id).where('status', 'in', ['WAITING', 'CLAIMED']).execute();
  return {
    person: toPerson(person),
    visit: visit ? toVisit(visit) : null,
    session: session ? { id: session.id, equipmentId: session.equipmentId, equipmentName: item?.name ?? '', startedAt: session.startedAt, endsAt: session.endsAt, extensions: session.extensions } : null,
    loans: await loanEntities(db, await openLoansOf(db, person.id), now, venue),
    holds: await Promise.all(holds.map((hold) => holdEntity(db, hold))),
    waiting,
  };
}
