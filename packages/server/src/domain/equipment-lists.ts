import type { Db } from '../store/open-store.ts';
import type { EquipmentRow, SessionRow } from './equipment-rows.ts';
import { typeKey } from './waiting-list.ts';

type Cursor = readonly [string, string];

/** Items by name, after the cursor `[nameKey, id]`. */
export async function equipmentList(db: Db, filter: { type?: string | undefined; location?: string | undefined; after?: Cursor | undefined; limit: number }): Promise<EquipmentRow[]> {
  let rows = db.selectFrom('equipment').selectAll();
  if (filter.type !== undefined) rows = rows.where('type', '=', typeKey(filter.type));
  if (filter.location !== undefined) rows = rows.where('location', '=', filter.location);
  if (filter.after) {
    const [nameKey, id] = filter.after;
    rows = rows.where((eb) => eb.or([eb('nameKey', '>', nameKey), eb.and([eb('nameKey', '=', nameKey), eb('id', '>', id)])]));
  }
  return rows.orderBy('nameKey').orderBy('id').limit(filter.limit).execute();
}

export interface SessionFilter {
  readonly open?: boolean | undefined;
  readonly studentId?: string | undefined;
  readonly equipmentId?: string | undefined;
  /** `[startedAt, id]` of the last session of the page before. */
  readonly after?: Cursor | undefined;
  readonly limit: number;
}

/** Sessions, newest first. */
export async function sessionList(db: Db, filter: SessionFilter): Promise<SessionRow[]> {
  let rows = db.selectFrom('equipmentSessions').selectAll();
  if (filter.open !== undefined) rows = rows.where('status', filter.open ? '=' : '!=', 'ACTIVE');
  if (filter.studentId !== undefined) rows = rows.where('personId', '=', filter.studentId);
  if (filter.equipmentId !== undefined) rows = rows.where('equipmentId', '=', filter.equipmentId);
  if (filter.after) {
    const [startedAt, id] = filter.after;
    rows = rows.where((eb) => eb.or([eb('startedAt', '<', startedAt), eb.and([eb('startedAt', '=', startedAt), eb('id', '<', id)])]));
  }
  return rows.orderBy('startedAt', 'desc').orderBy('id', 'desc').limit(filter.limit).execute();
}
