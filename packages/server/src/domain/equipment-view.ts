import { Equipment } from '@clms/protocol';
import Type, { type Static } from 'typebox';
import type { Db } from '../store/open-store.ts';
import type { EquipmentRow } from './equipment-rows.ts';
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
  return items.map((item) => {
    const open = sessions
      .filter((session) => session.equipmentId === item.id)
      .map(({ id, personId, surname, givenName, startedAt, endsAt, extensions }) => ({
        id,
        ...(personId !== null && { studentId: personId }),
        ...(surname !== null && givenName !== null && { studentName: personName({ surname, givenName }, 'staff') }),
        startedAt,
        endsAt,
        extensions,
      }));
    const claim = entries.find((entry) => entry.status === 'CLAIMED' && entry.equipmentId === item.id);
    const first = open[0];
    return {
      id: item.id,
      name: item.name,
      type: item.type,
      status: item.status === 'AVAILABLE' && open.length >= item.seats ? 'IN_USE' : item.status,
      location: item.location,
      seats: item.seats,
      ...(first?.studentId && { currentUserId: first.studentId }),
      ...(first?.studentName && { currentUserName: first.studentName }),
      ...(first && { sessionStartTime: first.startedAt, endsAt: first.endsAt }),
      ...(first?.endsAt && { sessionDuration: Math.round((toMs(first.endsAt) - toMs(first.startedAt)) / 1000) }),
      sessions: open,
      waiting: entries.filter((entry) => entry.type === item.type && entry.status === 'WAITING').length,
      ...(claim?.claimUntil && { claimNumber: claim.number, claimUntil: claim.claimUntil }),
      ...(item.lastMaintenance && { lastMaintenance: item.lastMaintenance }),
      ...(item.statusReason && { statusReason: item.statusReason }),
      version: item.version,
    };
  });
}

export async function equipmentDetails(db: Db, items: readonly EquipmentRow[]): Promise<EquipmentDetail[]> {
  const entities = await equipmentEntities(db, items);
  return entities.map((entity, index) => {
    const { barcode, maxMinutes, createdAt, updatedAt } = items[index]!;
    return { ...entity, barcode, maxMinutes, createdAt, updatedAt };
  });
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
