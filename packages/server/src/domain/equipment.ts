import { EQUIPMENT_STATUSES } from '@clms/protocol';
import Type, { type Static } from 'typebox';
import { newId } from '../ids.ts';
import type { Db } from '../store/open-store.ts';
import { claimOn, equipmentById, openSessionsOn, type EquipmentRow } from './equipment-rows.ts';
import { equipmentDetails, type EquipmentDetail } from './equipment-view.ts';
import { barcodeKey, searchKey, tidyBarcode } from './normalise.ts';
import { conflict, invalid, stale } from './refusal.ts';
import { lockEquipmentType } from './row-locks.ts';
import { closeSession } from './session-ending.ts';
import type { Unit } from './unit.ts';
import { passOn, releaseClaim, typeKey } from './waiting-list.ts';

/** What a form of equipment holds. IN_USE is in the list so that it can be refused with a reason: it follows from the sessions. */
export const EquipmentFields = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 80 }),
    type: Type.String({ minLength: 1, maxLength: 40, pattern: '\\S' }),
    location: Type.String({ minLength: 1, maxLength: 80 }),
    seats: Type.Integer({ minimum: 1, maximum: 500 }),
    barcode: Type.Union([Type.String({ minLength: 1, maxLength: 64, pattern: '\\S' }), Type.Null()]),
    maxMinutes: Type.Union([Type.Integer({ minimum: 1, maximum: 1440 }), Type.Null()]),
    status: Type.Enum(EQUIPMENT_STATUSES),
    reason: Type.String({ minLength: 1, maxLength: 200 }),
    notes: Type.Union([Type.String({ maxLength: 1000 }), Type.Null()]),
  },
  { additionalProperties: false },
);
type Fields = Static<typeof EquipmentFields>;
export type EquipmentPatch = Partial<Fields>;
export type EquipmentInput = Pick<Fields, 'name' | 'type' | 'location'> & EquipmentPatch;

export async function equipmentDetail(db: Db, id: string): Promise<EquipmentDetail> {
  const [detail] = await equipmentDetails(db, [await equipmentById(db, id)]);
  return detail!;
}

/** The item with this barcode; case and the reader's asterisks do not count, and no two items differ by them alone. */
export function equipmentByBarcode(db: Db, text: string): Promise<EquipmentRow | undefined> {
  return db.selectFrom('equipment').selectAll().where('barcodeKey', '=', barcodeKey(text)).executeTakeFirst();
}

export async function createEquipment(unit: Unit, input: EquipmentInput): Promise<EquipmentDetail> {
  const { db } = unit;
  const status = storedStatus(input.status ?? 'AVAILABLE');
  const row: EquipmentRow = {
    id: newId('equipment'), version: 1, createdAt: unit.at, updatedAt: unit.at, name: input.name.trim(), nameKey: searchKey(input.name), type: typeKey(input.type), location: input.location.trim(), seats: input.seats ?? 1,
    ...barcodeColumns(input.barcode ?? null), maxMinutes: input.maxMinutes ?? null, status, statusReason: status === 'AVAILABLE' ? null : (input.reason ?? null), lastMaintenance: null, notes: input.notes ?? null,
  };
  await refuseTaken(db, row);
  await db.insertInto('equipment').values(row).execute();
  unit.audit({ action: 'EQUIPMENT_CREATE', entity: 'equipment', entityId: row.id });
  await passOn(unit, [row.id]);
  return equipmentDetail(db, row.id);
}

/** Changes any of the fields. Taking an item out of service ends its sessions and frees its claim [EQP6]. */
export async function updateEquipment(unit: Unit, id: string, patch: EquipmentPatch, ifMatch?: number): Promise<EquipmentDetail> {
  const { db } = unit;
  await lockEquipmentType(unit, (await equipmentById(db, id)).type);
  const old = await equipmentById(db, id);
  if (ifMatch !== undefined && ifMatch !== old.version) throw stale(old.version);
  const status = patch.status === undefined ? old.status : storedStatus(patch.status, old.status);
  const row: EquipmentRow = {
    ...old,
    ...(patch.name !== undefined && { name: patch.name.trim(), nameKey: searchKey(patch.name) }),
    ...(patch.type !== undefined && { type: typeKey(patch.type) }),
    ...(patch.location !== undefined && { location: patch.location.trim() }),
    ...(patch.seats !== undefined && { seats: patch.seats }),
    ...(patch.barcode !== undefined && barcodeColumns(patch.barcode)),
    ...(patch.maxMinutes !== undefined && { maxMinutes: patch.maxMinutes }),
    ...(patch.notes !== undefined && { notes: patch.notes }),
    status,
    statusReason: status === 'AVAILABLE' ? null : (patch.reason ?? (status === old.status ? old.statusReason : null)),
    // Service is over when the item leaves MAINTENANCE.
    lastMaintenance: old.status === 'MAINTENANCE' && status !== 'MAINTENANCE' ? unit.at : old.lastMaintenance,
    version: old.version + 1,
    updatedAt: unit.at,
  };
  await refuseTaken(db, row);
  await db.updateTable('equipment').set(row).where('id', '=', id).execute();
  const changedTypes = new Set(row.type === old.type ? [] : [old.type, row.type]);
  if (status !== 'AVAILABLE' && old.status === 'AVAILABLE') {
    for (const session of await openSessionsOn(db, id)) await closeSession(unit, session, 'TERMINATED', patch.reason ?? status);
  }
  // What is kept for somebody is a seat that is there and free.
  const noSeatFree = row.seats <= (await openSessionsOn(db, id)).length;
  const claim = status !== 'AVAILABLE' || changedTypes.size > 0 || noSeatFree ? await claimOn(db, id) : undefined;
  if (claim) {
    await releaseClaim(unit, claim);
    changedTypes.add(claim.type);
  }
  unit.audit({ action: 'EQUIPMENT_UPDATE', entity: 'equipment', entityId: id, details: { fields: Object.keys(patch), ...(status !== old.status && { status, reason: patch.reason ?? null }) } });
  await passOn(unit, [id], [...changedTypes]);
  return equipmentDetail(db, id);
}

function storedStatus(status: Fields['status'], current?: EquipmentRow['status']): EquipmentRow['status'] {
  if (status !== 'IN_USE') return status;
  // A form that was filled from an item in use sends the status back unchanged.
  if (current === 'AVAILABLE') return current;
  throw invalid('body.status', 'IN_USE follows from running sessions. Choose AVAILABLE, MAINTENANCE or OUT_OF_ORDER.');
}

const barcodeColumns = (barcode: string | null) => (barcode === null ? { barcode: null, barcodeKey: null } : { barcode: tidyBarcode(barcode), barcodeKey: barcodeKey(barcode) });

async function refuseTaken(db: Db, row: EquipmentRow): Promise<void> {
  const other = (column: 'nameKey' | 'barcodeKey', value: string) => db.selectFrom('equipment').select(['id', 'name']).where(column, '=', value).where('id', '!=', row.id).executeTakeFirst();
  const sameName = await other('nameKey', row.nameKey);
  if (sameName) throw conflict('NAME_TAKEN', 'Another item has this name.', { id: sameName.id, name: sameName.name });
  const sameBarcode = row.barcodeKey === null ? undefined : await other('barcodeKey', row.barcodeKey);
  if (sameBarcode) throw conflict('BARCODE_TAKEN', `This barcode belongs to ${sameBarcode.name}.`, { id: sameBarcode.id, name: sameBarcode.name });
}
