import Type, { type Static } from 'typebox';
import { newId } from '../ids.ts';
import type { Db } from '../store/open-store.ts';
import type { WaitingRow } from './equipment-rows.ts';
import { publishEquipment } from './equipment-view.ts';
import { localDate, MINUTE_MS, toInstant } from './instant.ts';
import { personById } from './people.ts';
import { personName } from './present.ts';
import { conflict, invalid, notFound } from './refusal.ts';
import { lockEquipmentType, lockPerson } from './row-locks.ts';
import type { Unit } from './unit.ts';

const OPEN = ['WAITING', 'CLAIMED'] as const;

export const WaitingEntry = Type.Object({
  id: Type.String(),
  number: Type.Integer({ description: 'shown on the public board; starts at 1 every day' }),
  position: Type.Union([Type.Integer(), Type.Null()], { description: 'place among those on the list of this type, 1 = next' }),
  type: Type.String(),
  studentId: Type.String(),
  studentName: Type.Optional(Type.String()),
  status: Type.Enum(['WAITING', 'CLAIMED', 'SERVED', 'EXPIRED', 'LEFT']),
  equipmentId: Type.Optional(Type.String({ description: 'the item that is kept for this person' })),
  claimUntil: Type.Optional(Type.String()),
  version: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});
export type WaitingEntry = Static<typeof WaitingEntry>;

/** Everybody on the lists, first come first; of one type if given. */
export async function waitingEntries(db: Db, type?: string): Promise<WaitingEntry[]> {
  let rows = db.selectFrom('waitingList').innerJoin('people', 'people.id', 'waitingList.personId').selectAll('waitingList').select(['people.surname', 'people.givenName']).where('status', 'in', OPEN);
  if (type !== undefined) rows = rows.where('type', '=', typeKey(type));
  const entries = await rows.orderBy('localDate').orderBy('number').execute();
  const positions = new Map<string, number>();
  const listed: WaitingEntry[] = [];
  for (const row of entries) {
    const position = (positions.get(row.type) ?? 0) + 1;
    positions.set(row.type, position);
    listed.push({ ...waitingEntry(row, position), studentName: personName(row, 'staff') });
  }
  return listed;
}

/** [EQP5] Puts a person at the end of the list of a type. If an item of it is free, it is kept for the first at once. */
export async function joinWaitingList(unit: Unit, input: { type: string; personId: string }): Promise<WaitingEntry> {
  const { db } = unit;
  const type = typeKey(input.type);
  await lockPerson(unit, input.personId); // as in `placeHold`
  const person = await personById(db, input.personId);
  if (!person.active) throw conflict('PERSON_INACTIVE', 'This person is not active any more.', { studentId: person.id });
  const types = (await db.selectFrom('equipment').select('type').distinct().orderBy('type').execute()).map((row) => row.type);
  if (!types.includes(type)) throw invalid('body.type', types.length > 0 ? `There is no equipment of this type. Types: ${types.join(', ')}.` : 'There is no equipment yet.');
  await lockEquipmentType(unit, type);
  const already = await db.selectFrom('waitingList').selectAll().where('type', '=', type).where('personId', '=', person.id).where('status', 'in', OPEN).executeTakeFirst();
  if (already) throw conflict('ALREADY_WAITING', `This person already waits with number ${already.number}.`, { id: already.id, number: already.number });
  const today = localDate(unit.now, unit.venue.settings.timezone);
  const last = await db.selectFrom('waitingList').select(({ fn }) => fn.max('number').as('number')).where('localDate', '=', today).executeTakeFirst();
  const id = newId('wait');
  await db
    .insertInto('waitingList')
    .values({ id, version: 1, createdAt: unit.at, updatedAt: unit.at, number: Number(last?.number ?? 0) + 1, type, personId: person.id, status: 'WAITING', equipmentId: null, claimUntil: null, localDate: today })
    .execute();
  await passOn(unit, [], [type]);
  return entryById(db, id);
}

export async function leaveWaitingList(unit: Unit, id: string): Promise<WaitingEntry> {
  await lockEquipmentType(unit, (await rowById(unit.db, id)).type);
  const entry = await rowById(unit.db, id);
  if (entry.status !== 'WAITING' && entry.status !== 'CLAIMED') throw conflict('NOT_WAITING', 'This entry is not on the list any more.', { status: entry.status });
  await setStatus(unit, entry, 'LEFT');
  unit.audit({ action: 'WAITING_LEFT', entity: 'waitingList', entityId: id });
  await passOn(unit, entry.equipmentId === null ? [] : [entry.equipmentId], [entry.type]);
  return entryById(unit.db, id);
}

/** The person gets what they waited for: their entry of this type ends, and what was kept for them is free. Returns whether there was one. */
export async function serveWaiting(unit: Unit, personId: string, type: string): Promise<boolean> {
  const entry = await unit.db.selectFrom('waitingList').selectAll().where('type', '=', type).where('personId', '=', personId).where('status', 'in', OPEN).executeTakeFirst();
  if (entry) await setStatus(unit, entry, 'SERVED');
  return entry !== undefined;
}

/** The item is not kept any more: who it was kept for is first in the list again. */
export async function releaseClaim(unit: Unit, claim: WaitingRow): Promise<void> {
  await unit.db.updateTable('waitingList').set({ status: 'WAITING', equipmentId: null, claimUntil: null, updatedAt: unit.at, version: claim.version + 1 }).where('id', '=', claim.id).execute();
}

/** [EQP5] Claims that were not taken up in time end, and the next ones get theirs. */
export async function expireClaims(unit: Unit): Promise<void> {
  const overdue = () => unit.db.selectFrom('waitingList').where('status', '=', 'CLAIMED').where('claimUntil', '<=', unit.at);
  for (const { type } of await overdue().select('type').distinct().orderBy('type').execute()) await lockEquipmentType(unit, type);
  const late = await overdue().selectAll().execute();
  for (const entry of late) await setStatus(unit, entry, 'EXPIRED');
  await passOn(unit, late.flatMap((entry) => entry.equipmentId ?? []), late.map((entry) => entry.type));
}

/** At closing nobody waits any more [CAL2]. */
export async function emptyQueues(unit: Unit): Promise<void> {
  const entries = await unit.db.selectFrom('waitingList').selectAll().where('status', 'in', OPEN).execute();
  for (const entry of entries) await setStatus(unit, entry, 'LEFT');
  await publishEquipment(unit, [], entries.map((entry) => entry.type));
}

/**
 * Keeps free items for those who wait, first come first, and tells the new state: of the items named, and of all items of a type whose list
 * has changed (`types` names those known to have).
 */
export async function passOn(unit: Unit, itemIds: readonly string[], types: readonly string[] = []): Promise<void> {
  const named = itemIds.length === 0 ? [] : await unit.db.selectFrom('equipment').select('type').where('id', 'in', itemIds).execute();
  const changed = new Set(types);
  for (const type of [...new Set([...types, ...named.map((item) => item.type)])].toSorted()) {
    await lockEquipmentType(unit, type);
    if (await keepFreeItems(unit, type)) changed.add(type);
  }
  await publishEquipment(unit, itemIds, changed);
}

/** One item is kept for one entry at a time, however many of its seats are free. */
async function keepFreeItems(unit: Unit, type: string): Promise<boolean> {
  const { db } = unit;
  const waiting = await db.selectFrom('waitingList').selectAll().where('type', '=', type).where('status', '=', 'WAITING').orderBy('localDate').orderBy('number').execute();
  if (waiting.length === 0) return false;
  const items = await db
    .selectFrom('equipment')
    .select(['id', 'seats', 'status'])
    .select((eb) => eb.selectFrom('equipmentSessions').select(eb.fn.countAll().as('n')).whereRef('equipmentId', '=', 'equipment.id').where('status', '=', 'ACTIVE').as('taken'))
    .select((eb) => eb.selectFrom('waitingList').select(eb.fn.countAll().as('n')).whereRef('equipmentId', '=', 'equipment.id').where('status', '=', 'CLAIMED').as('claims'))
    .where('type', '=', type)
    .where('status', '=', 'AVAILABLE')
    .orderBy('nameKey')
    .execute();
  const free = items.filter((item) => Number(item.claims) === 0 && Number(item.taken) < item.seats);
  const claimUntil = toInstant(unit.now + unit.venue.policies.sessions.claimMinutes * MINUTE_MS);
  for (const [index, item] of free.slice(0, waiting.length).entries()) {
    const entry = waiting[index]!;
    await db.updateTable('waitingList').set({ status: 'CLAIMED', equipmentId: item.id, claimUntil, updatedAt: unit.at, version: entry.version + 1 }).where('id', '=', entry.id).execute();
  }
  return free.length > 0;
}

async function setStatus(unit: Unit, entry: WaitingRow, status: 'SERVED' | 'EXPIRED' | 'LEFT'): Promise<void> {
  await unit.db.updateTable('waitingList').set({ status, updatedAt: unit.at, version: entry.version + 1 }).where('id', '=', entry.id).execute();
}

async function rowById(db: Db, id: string): Promise<WaitingRow> {
  const row = await db.selectFrom('waitingList').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw notFound('entry on the waiting list');
  return row;
}

async function entryById(db: Db, id: string): Promise<WaitingEntry> {
  const row = await rowById(db, id);
  if (row.status !== 'WAITING' && row.status !== 'CLAIMED') return waitingEntry(row, null);
  const before = await db
    .selectFrom('waitingList')
    .select(({ fn }) => fn.countAll().as('n'))
    .where('type', '=', row.type)
    .where('status', 'in', OPEN)
    .where((eb) => eb.or([eb('localDate', '<', row.localDate), eb.and([eb('localDate', '=', row.localDate), eb('number', '<', row.number)])]))
    .executeTakeFirstOrThrow();
  return waitingEntry(row, Number(before.n) + 1);
}

function waitingEntry(row: WaitingRow, position: number | null): WaitingEntry {
  const { id, number, type, personId, status, equipmentId, claimUntil, version, createdAt, updatedAt } = row;
  const claimed = status === 'CLAIMED' && equipmentId !== null && claimUntil !== null;
  return { id, number, position, type, studentId: personId, status, ...(claimed && { equipmentId, claimUntil }), version, createdAt, updatedAt };
}

/** Types are compared as codes: "study room" is STUDY_ROOM. */
export function typeKey(type: string): string {
  return type.trim().toUpperCase().replaceAll(/[\s-]+/g, '_');
}
