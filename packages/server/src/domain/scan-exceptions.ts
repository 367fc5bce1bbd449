import Type, { type Static } from 'typebox';
import type { Selectable } from 'kysely';
import { Instant } from '@clms/protocol';
import type { Db } from '../store/open-store.ts';
import type { Tables } from '../store/tables.ts';
import { newId } from '../ids.ts';
import { barcodeKey, halfOfDoubled } from './normalise.ts';
import { conflict, notFound } from './refusal.ts';
import type { Unit } from './unit.ts';

const SCAN_EXCEPTION_KINDS = ['UNKNOWN_BARCODE', 'CLOCK_SKEW', 'CONFLICT'] as const;
export type ScanExceptionKind = (typeof SCAN_EXCEPTION_KINDS)[number];

const OrNull = Type.Union([Type.String(), Type.Null()]);
/** A scan that staff should look at. Named by its barcode, never by a person's name. */
export const ScanException = Type.Object({
  id: Type.String(), at: Instant, station: Type.String(), barcode: Type.String(), kind: Type.Enum(SCAN_EXCEPTION_KINDS), detail: Type.String(), resolvedAt: OrNull, resolvedBy: OrNull,
});
export type ScanException = Static<typeof ScanException>;
type Row = Selectable<Tables['scanExceptions']>;

/** `atIso` is the time of the scan, which for one made offline is not now. */
export async function addScanException(unit: Unit, exception: { kind: ScanExceptionKind; station: string; barcode: string; detail: string; atIso: string }): Promise<void> {
  const { kind, station, barcode, detail, atIso } = exception;
  await unit.db.insertInto('scanExceptions').values({ id: newId('scanx'), at: atIso, station, barcode, kind, detail, resolvedAt: null, resolvedBy: null }).execute();
}

/** One open report per station: a kiosk with a wrong clock is one fault, not one for every card. */
export async function reportClockSkew(unit: Unit, station: string, barcode: string, skewMs: number): Promise<void> {
  const open = await unit.db.selectFrom('scanExceptions').select('id').where('kind', '=', 'CLOCK_SKEW').where('station', '=', station).where('resolvedAt', 'is', null).executeTakeFirst();
  if (open) return;
  const minutes = Math.round(Math.abs(skewMs) / 60_000);
  await addScanException(unit, { kind: 'CLOCK_SKEW', station, barcode, detail: `The station's clock is ${minutes} min ${skewMs > 0 ? 'behind' : 'ahead'}. Its scans are corrected; set its clock.`, atIso: unit.at });
}

export function scanExceptions(db: Db, wanted: { resolved?: boolean | undefined; limit: number; before?: readonly [string, string] | undefined }): Promise<Row[]> {
  let select = db.selectFrom('scanExceptions').selectAll().orderBy('at', 'desc').orderBy('id', 'desc').limit(wanted.limit);
  if (wanted.resolved !== undefined) select = select.where('resolvedAt', wanted.resolved ? 'is not' : 'is', null);
  const { before } = wanted;
  if (before) select = select.where((eb) => eb.or([eb('at', '<', before[0]), eb.and([eb('at', '=', before[0]), eb('id', '<', before[1])])]));
  return select.execute();
}

/** Everything listed about one person's card and id, however the reader wrote them. */
export async function scanExceptionsOf(db: Db, person: { barcodeKey: string; schoolIdKey: string }): Promise<Row[]> {
  const keys = new Set([person.barcodeKey, person.schoolIdKey]);
  const rows = await db.selectFrom('scanExceptions').selectAll().execute();
  return rows.filter((row) => keys.has(barcodeKey(row.barcode)) || keys.has(halfOfDoubled(barcodeKey(row.barcode)) ?? ''));
}

export async function resolveScanException(unit: Unit, id: string): Promise<Row> {
  const row = await unit.db.selectFrom('scanExceptions').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw notFound('scan exception');
  if (row.resolvedAt !== null) throw conflict('ALREADY_RESOLVED', 'Somebody has already dealt with this scan.', { resolvedAt: row.resolvedAt, resolvedBy: row.resolvedBy });
  const resolved: Row = { ...row, resolvedAt: unit.at, resolvedBy: unit.actor.name };
  const { numUpdatedRows } = await unit.db.updateTable('scanExceptions').set(resolved).where('id', '=', id).where('resolvedAt', 'is', null).executeTakeFirst();
  if (numUpdatedRows === 0n) return resolveScanException(unit, id); // somebody at another node was first
  unit.audit({ action: 'SCAN_EXCEPTION_RESOLVED', entity: 'scanException', entityId: id });
  return resolved;
}
