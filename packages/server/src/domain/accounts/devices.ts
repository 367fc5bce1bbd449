import type { Selectable } from 'kysely';
import Type, { type Static } from 'typebox';
import { newId } from '../../ids.ts';
import type { Db } from '../../store/open-store.ts';
import type { Tables } from '../../store/tables.ts';
import { MINUTE_MS, toInstant } from '../instant.ts';
import { conflict, notFound, Refusal, stale } from '../refusal.ts';
import type { Unit } from '../unit.ts';
import type { Revocations } from './revocations.ts';
import { DEVICE_TOKEN_PREFIX, hashCode, hashSecret, newCode, newSecret } from './secret-token.ts';

/** Time to walk from the desk to the kiosk and type the code. */
const CODE_TTL_MS = 10 * MINUTE_MS;

const Name = Type.String({ minLength: 1, maxLength: 80 });
const Station = Type.String({ minLength: 1, maxLength: 100, description: 'what scans name and notices address' });
const Location = Type.String({ minLength: 1, maxLength: 80 });
const DeviceRole = Type.Enum(['KIOSK', 'DISPLAY']);
const closed = { additionalProperties: false } as const;

export const NewDevice = Type.Object({ name: Name, role: DeviceRole, station: Type.Optional(Station), location: Type.Optional(Location) }, closed);
export const DevicePatch = Type.Object(
  { name: Type.Optional(Name), station: Type.Optional(Type.Union([Station, Type.Null()])), location: Type.Optional(Type.Union([Location, Type.Null()])) },
  closed,
);
export const Device = Type.Object({
  id: Type.String(), name: Type.String(), role: DeviceRole, station: Type.Union([Type.String(), Type.Null()]), location: Type.Union([Type.String(), Type.Null()]),
  state: Type.Enum(['UNPAIRED', 'PAIRED', 'REVOKED']), pairedAt: Type.Union([Type.String(), Type.Null()]), revokedAt: Type.Union([Type.String(), Type.Null()]),
  lastSeenAt: Type.Union([Type.String(), Type.Null()]), version: Type.Integer(), createdAt: Type.String(), updatedAt: Type.String(),
});
export type Device = Static<typeof Device>;
export const DeviceWithCode = Type.Object({ ...Device.properties, code: Type.String(), codeExpiresAt: Type.String() });
export const PairedDevice = Type.Object({ deviceToken: Type.String(), device: Device });
export type DeviceRow = Selectable<Tables['devices']>;

export function toDevice(row: DeviceRow): Device {
  const { id, name, role, station, location, pairedAt, revokedAt, lastSeenAt, version, createdAt, updatedAt } = row;
  return { id, name, role, station, location, state: revokedAt ? 'REVOKED' : pairedAt ? 'PAIRED' : 'UNPAIRED', pairedAt, revokedAt, lastSeenAt, version, createdAt, updatedAt };
}

export async function deviceById(db: Db, id: string): Promise<DeviceRow> {
  const row = await db.selectFrom('devices').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw notFound('device');
  return row;
}

/** A device that waits to be paired: the code is shown once and good for ten minutes. */
export async function createDevice(unit: Unit, input: Static<typeof NewDevice>): Promise<Static<typeof DeviceWithCode>> {
  const code = newCode();
  const codeExpiresAt = toInstant(unit.now + CODE_TTL_MS);
  const row: DeviceRow = {
    id: newId('device'), name: input.name, role: input.role, station: input.station ?? null, location: input.location ?? null, codeHash: hashCode(code), codeExpiresAt,
    tokenHash: null, pairedAt: null, revokedAt: null, lastSeenAt: null, version: 1, createdAt: unit.at, updatedAt: unit.at,
  };
  await unit.db.insertInto('devices').values(row).execute();
  unit.audit({ action: 'DEVICE_CREATED', entity: 'device', entityId: row.id, details: { role: row.role, station: row.station } });
  return { ...toDevice(row), code, codeExpiresAt };
}

/** Trades the code for the device's own token, which lasts until it is revoked. A code is good once. */
export async function pairDevice(unit: Unit, code: string): Promise<Static<typeof PairedDevice>> {
  // Taken by deleting it: of two who type the same code the database lets one have it.
  const row = await unit.db.updateTable('devices').set({ codeHash: null }).where('codeHash', '=', hashCode(code)).where('revokedAt', 'is', null).returningAll().executeTakeFirst();
  if (!row || row.codeExpiresAt === null || row.codeExpiresAt <= unit.at) throw new Refusal(404, 'PAIRING_CODE_UNKNOWN', 'This code is not known or no longer good. Ask for a new one.');
  const deviceToken = newSecret(DEVICE_TOKEN_PREFIX);
  const paired: DeviceRow = { ...row, codeExpiresAt: null, tokenHash: hashSecret(deviceToken), pairedAt: unit.at, version: row.version + 1, updatedAt: unit.at };
  await save(unit, paired);
  unit.audit({ action: 'DEVICE_PAIRED', entity: 'device', entityId: row.id });
  return { deviceToken, device: toDevice(paired) };
}

export async function updateDevice(unit: Unit, id: string, patch: Static<typeof DevicePatch>, ifMatch: number | undefined): Promise<Device> {
  const row = await deviceById(unit.db, id);
  if (ifMatch !== undefined && ifMatch !== row.version) throw stale(row.version);
  if (row.revokedAt) throw conflict('DEVICE_REVOKED', 'This device has been revoked. Add it again to use it.');
  const changed: DeviceRow = { ...row, ...patch, version: row.version + 1, updatedAt: unit.at };
  await save(unit, changed);
  unit.audit({ action: 'DEVICE_CHANGED', entity: 'device', entityId: id, details: { fields: Object.keys(patch) } });
  return toDevice(changed);
}

/** Takes the device's token away at once, for ever. The row stays: scans and audit refer to it. */
export async function revokeDevice(unit: Unit, id: string, revocations: Revocations): Promise<Device> {
  const row = await deviceById(unit.db, id);
  if (row.revokedAt) return toDevice(row);
  const revoked: DeviceRow = { ...row, codeHash: null, codeExpiresAt: null, tokenHash: null, revokedAt: unit.at, version: row.version + 1, updatedAt: unit.at };
  await save(unit, revoked);
  unit.audit({ action: 'DEVICE_REVOKED', entity: 'device', entityId: id });
  unit.afterCommit(() => revocations.revoked({ sessionId: id }));
  return toDevice(revoked);
}

async function save(unit: Unit, { id, ...values }: DeviceRow): Promise<void> {
  await unit.db.updateTable('devices').set(values).where('id', '=', id).execute();
}
