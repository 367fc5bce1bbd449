import Type, { type Static } from 'typebox';
import { newId } from '../ids.ts';
import type { Db } from '../store/open-store.ts';
import { bookById } from './books.ts';
import { endHold, keepFreeCopies, type HoldRow } from './hold-queue.ts';
import { personById } from './people.ts';
import { personName } from './present.ts';
import { conflict, notFound } from './refusal.ts';
import { lockPerson, lockTitle } from './row-locks.ts';
import type { Unit } from './unit.ts';

export const HOLD_STATUSES = ['WAITING', 'READY', 'COLLECTED', 'EXPIRED', 'CANCELLED'] as const;

export const Hold = Type.Object({
  id: Type.String(),
  titleId: Type.String(),
  title: Type.String(),
  bookId: Type.Union([Type.String(), Type.Null()], { description: 'the copy that is kept, while READY and after' }),
  studentId: Type.String(),
  studentName: Type.Optional(Type.String()),
  position: Type.Union([Type.Integer(), Type.Null()], { description: 'place in the queue of the title, 1 = next; null once the queue is left' }),
  status: Type.Enum(HOLD_STATUSES),
  placedAt: Type.String(),
  readyAt: Type.Optional(Type.String()),
  readyUntil: Type.Optional(Type.String()),
  version: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});
export type Hold = Static<typeof Hold>;

/** [CIR5] Puts a person in the queue of a copy's title. A copy that stands free is kept for them at once. */
export async function placeHold(unit: Unit, input: { bookId: string; personId: string }): Promise<Hold> {
  const { db } = unit;
  const book = await bookById(db, input.bookId);
  // Whoever is deactivated at this moment has left every queue before or after this, not in between.
  await lockPerson(unit, input.personId);
  const person = await personById(db, input.personId);
  if (!person.active) throw conflict('PERSON_INACTIVE', 'This person is not active any more.', { studentId: person.id });
  await lockTitle(unit, book.titleId);
  const open = await db.selectFrom('holds').selectAll().where('titleId', '=', book.titleId).where('personId', '=', person.id).where('status', 'in', ['WAITING', 'READY']).executeTakeFirst();
  if (open) throw conflict('ALREADY_ON_HOLD', 'This person already has a hold on this title.', { holdId: open.id, status: open.status });
  const loan = await db.selectFrom('loans').select(['id', 'bookId', 'dueAt']).where('titleId', '=', book.titleId).where('personId', '=', person.id).where('returnedAt', 'is', null).executeTakeFirst();
  if (loan) throw conflict('ALREADY_BORROWED', 'This person has a copy of this title.', { loanId: loan.id, bookId: loan.bookId, dueAt: loan.dueAt });
  const row: HoldRow = {
    id: newId('hold'), version: 1, createdAt: unit.at, updatedAt: unit.at, titleId: book.titleId, bookId: null, personId: person.id, status: 'WAITING', placedAt: unit.at, readyAt: null, readyUntil: null, toldAt: null,
  };
  await db.insertInto('holds').values(row).execute();
  unit.audit({ action: 'HOLD_PLACE', entity: 'hold', entityId: row.id });
  await keepFreeCopies(unit, book.titleId, book.id);
  return holdEntity(db, await holdRow(db, row.id));
}

/** Takes a person out of the queue; a copy that was kept for them goes to the next. */
export async function cancelHold(unit: Unit, id: string): Promise<Hold> {
  await lockTitle(unit, (await holdRow(unit.db, id)).titleId);
  const hold = await holdRow(unit.db, id);
  if (hold.status !== 'WAITING' && hold.status !== 'READY') throw conflict('HOLD_ENDED', 'This hold has ended.', { status: hold.status });
  const ended = await endHold(unit, hold, 'CANCELLED');
  unit.audit({ action: 'HOLD_CANCEL', entity: 'hold', entityId: id });
  await keepFreeCopies(unit, hold.titleId);
  return holdEntity(unit.db, ended);
}

/** [CIR5] Kept copies that nobody came for go to the next in the queue. */
export async function expireHolds(unit: Unit): Promise<void> {
  const late = await unit.db.selectFrom('holds').selectAll().where('status', '=', 'READY').where('readyUntil', '<', unit.at).orderBy('readyUntil').execute();
  for (const { id, titleId } of late) {
    await lockTitle(unit, titleId);
    const hold = await holdRow(unit.db, id);
    if (hold.status !== 'READY') continue; // taken at the last moment, on another node
    await endHold(unit, hold, 'EXPIRED');
    await keepFreeCopies(unit, titleId);
  }
}

export interface ReadyHold {
  readonly holdId: string;
  readonly bookId: string;
  readonly title: string;
  readonly readyUntil: string;
}

/** [CIR5] Kept copies that this person has not been told of at a kiosk yet; from now on they have. */
export async function readyHoldsToTell(unit: Unit, personId: string): Promise<ReadyHold[]> {
  const holds = await unit.db
    .selectFrom('holds')
    .innerJoin('titles', 'titles.id', 'holds.titleId')
    .select(['holds.id', 'holds.bookId', 'holds.readyUntil', 'titles.title'])
    .where('personId', '=', personId)
    .where('status', '=', 'READY')
    .where('toldAt', 'is', null)
    .orderBy('readyAt')
    .execute();
  if (holds.length > 0) await unit.db.updateTable('holds').set({ toldAt: unit.at }).where('id', 'in', holds.map((hold) => hold.id)).execute();
  return holds.map(({ id, bookId, readyUntil, title }) => ({ holdId: id, bookId: bookId!, title, readyUntil: readyUntil! }));
}

/** The hold as it is answered, or a 404. */
export async function holdById(db: Db, id: string): Promise<Hold> {
  return holdEntity(db, await holdRow(db, id));
}

async function holdRow(db: Db, id: string): Promise<HoldRow> {
  const hold = await db.selectFrom('holds').selectAll().where('id', '=', id).executeTakeFirst();
  if (!hold) throw notFound('hold');
  return hold;
}

export async function holdEntity(db: Db, hold: HoldRow): Promise<Hold> {
  const title = await db.selectFrom('titles').select('title').where('id', '=', hold.titleId).executeTakeFirstOrThrow();
  const person = await db.selectFrom('people').selectAll().where('id', '=', hold.personId).executeTakeFirst();
  const { id, titleId, bookId, personId, status, placedAt, readyAt, readyUntil, version, createdAt, updatedAt } = hold;
  const kept = readyAt !== null && readyUntil !== null;
  return { id, titleId, title: title.title, bookId, studentId: personId, ...(person && { studentName: personName(person, 'staff') }), position: await positionOf(db, hold), status, placedAt, ...(kept && { readyAt, readyUntil }), version, createdAt, updatedAt };
}

async function positionOf(db: Db, hold: HoldRow): Promise<number | null> {
  if (hold.status !== 'WAITING' && hold.status !== 'READY') return null;
  const before = await db
    .selectFrom('holds')
    .select(({ fn }) => fn.countAll().as('n'))
    .where('titleId', '=', hold.titleId)
    .where('status', 'in', ['WAITING', 'READY'])
    .where((eb) => eb.or([eb('placedAt', '<', hold.placedAt), eb.and([eb('placedAt', '=', hold.placedAt), eb('id', '<', hold.id)])]))
    .executeTakeFirstOrThrow();
  return Number(before.n) + 1;
}
