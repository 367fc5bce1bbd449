import { Equipment } from '@clms/protocol';
import Type, { type Static } from 'typebox';
import type { Db } from '../store/open-store.ts';
import type { EquipmentRow, WaitingRow } from './equipment-rows.ts';
import { toMs } from './instant.ts';
import { personName } from './present.ts';
import type { Unit } from './unit.ts';

/** An item as HTTP answers it: what travels in `equipment_update`, and what its form edits. */
export const EquipmentDetail = Type.Object({
  ...Equipment.properties,
  barcode: Type.Union([Type.String(), Type.Null()]),
  maxMinutes: Type.Union([Type.Integer(), Type.Null()]),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});
export type EquipmentDetail = Static<typeof EquipmentDetail>;

/**
 * Items whole, in the given order: open sessions, the number of people waiting for the type, and the claim on the item. An item is IN_USE when
 * its last seat is taken: a room with a free chair is still AVAILABLE.
 */
export async function equipmentEntities(db: Db, items: readonly EquipmentRow[]): Promise<Equipment[]> {
  if (items.length === 0) return [];
  const ids = items.map((item) => item.id);
  const types = [...new Set(items.map((item) => item.type))];
  const sessions = await db
    .selectFrom('equipmentSessions as session')
    .leftJoin('people', 'people.id', 'session.personId')
    .select(['session.id', 'session.equipmentId', 'session.personId', 'session.startedAt', 'session.endsAt', 'session.extensions', 'people.surname', 'people.givenName'])
    .where('session.status', '=', 'ACTIVE')
    .where('session.equipmentId', 'in', ids)
    .orderBy('session.startedAt')
    .orderBy('session.seat')
    .execute();
  const entries = await db.selectFrom('waitingList').select(['type', 'status', 'equipmentId', 'number', 'claimUntil']).where('type', 'in', types).where('status', 'in', ['WAITING', 'CLAIMED']).execute();
  const entityOf = (item: EquipmentRow): Equipment =>
    equipmentEntity(
      item,
      sessions.filter((session) => session.equipmentId === item.id).map(sessionOnItem),
      entries.filter((entry) => entry.type === item.type).length,
      entries.find((entry) => entry.status === 'CLAIMED' && entry.equipmentId === item.id),
    );
  return items.map(entityOf);
}

interface RunningSession {
  readonly id: string;
  readonly personId: string | null;
  readonly surname: string | null;
  readonly givenName: string | null;
  readonly startedAt: string;
  readonly endsAt: string | null;
  readonly extensions: number;
}

function sessionOnItem({ id, personId, surname, givenName, startedAt, endsAt, extensions }: RunningSession): Equipment['sessions'][number] {
  const known = surname !== null && givenName !== null;
  return { id, ...(personId !== null && { studentId: personId }), ...(known && { studentName: personName({ surname, givenName }, 'staff') }), startedAt, endsAt, extensions };
}

function equipmentEntity(item: EquipmentRow, sessions: Equipment['sessions'], waiting: number, claim: Pick<WaitingRow, 'number' | 'claimUntil'> | undefined): Equipment {
  const [first] = sessions;
  return {
    id: item.id,
    name: item.name,
    type: item.type,
    status: item.status === 'AVAILABLE' && sessions.length >= item.seats ? 'IN_USE' : item.status,
    location: item.location,
    seats: item.seats,
    ...(first?.studentId && { currentUserId: first.studentId }),
    ...(first?.studentName && { currentUserName: first.studentName }),
    ...(first && { sessionStartTime: first.startedAt, endsAt: first.endsAt }),
    ...(first?.endsAt && { sessionDuration: Math.round((toMs(first.endsAt) - toMs(first.startedAt)) / 1000) }),
    sessions,
    waiting,
    ...(claim?.claimUntil && { claimNumber: claim.number, claimUntil: claim.claimUntil }),
    ...(item.lastMaintenance && { lastMaintenance: item.lastMaintenance }),
    ...(item.statusReason && { statusReason: item.statusReason }),
    version: item.version,
  };
}

/** The whole board by name, as its events would tell it: what a new subscriber begins with. */
export async function equipmentBoard(db: Db): Promise<Equipment[]> {
  return equipmentEntities(db, await db.selectFrom('equipment').selectAll().orderBy('nameKey').execute());
}

export async function equipmentDetails(db: Db, items: readonly EquipmentRow[]): Promise<EquipmentDetail[]> {
  const details: EquipmentDetail[] = [];
  for (const [index, entity] of (await equipmentEntities(db, items)).entries()) {
    const { barcode, maxMinutes, createdAt, updatedAt } = items[index]!;
    details.push({ ...entity, barcode, maxMinutes, createdAt, updatedAt });
  }
  return details;
}

/** Tells the state of these items after the change, each once. Also of all items of `types`, whose waiting number has changed. */
export async function publishEquipment(unit: Unit, ids: Iterable<string>, types: Iterable<string> = []): Promise<void> {
  const [wantedIds, wantedTypes] = [[...new Set(ids)], [...new Set(types)]];
  if (wantedIds.length + wantedTypes.length === 0) return;
  const items = await unit.db
    .selectFrom('equipment')
    .selectAll()
    .where((eb) => eb.or([...(wantedIds.length ? [eb('id', 'in', wantedIds)] : []), ...(wantedTypes.length ? [eb('type', 'in', wantedTypes)] : [])]))
    .orderBy('nameKey')
    .execute();
  for (const entity of await equipmentEntities(unit.db, items)) unit.publish('equipment', 'equipment_update', entity);
}
