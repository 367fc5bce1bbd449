import type { Selectable } from 'kysely';
import type { Db } from '../store/open-store.ts';
import type { Tables } from '../store/tables.ts';
import { notFound } from './refusal.ts';

export type EquipmentRow = Selectable<Tables['equipment']>;
export type SessionRow = Selectable<Tables['equipmentSessions']>;
export type WaitingRow = Selectable<Tables['waitingList']>;

/** The item, or a 404. */
export async function equipmentById(db: Db, id: string): Promise<EquipmentRow> {
  const item = await db.selectFrom('equipment').selectAll().where('id', '=', id).executeTakeFirst();
  if (!item) throw notFound('equipment');
  return item;
}

/** The session, or a 404. */
export async function sessionById(db: Db, id: string): Promise<SessionRow> {
  const session = await db.selectFrom('equipmentSessions').selectAll().where('id', '=', id).executeTakeFirst();
  if (!session) throw notFound('session');
  return session;
}

export function openSessionsOn(db: Db, equipmentId: string): Promise<SessionRow[]> {
  return db.selectFrom('equipmentSessions').selectAll().where('equipmentId', '=', equipmentId).where('status', '=', 'ACTIVE').orderBy('startedAt').orderBy('seat').execute();
}

/** The person's running session: the database allows one [EQP1]. */
export function openSessionOf(db: Db, personId: string): Promise<SessionRow | undefined> {
  return db.selectFrom('equipmentSessions').selectAll().where('personId', '=', personId).where('status', '=', 'ACTIVE').executeTakeFirst();
}

/** The waiting-list entry an item is kept for, if any [EQP5]. */
export function claimOn(db: Db, equipmentId: string): Promise<WaitingRow | undefined> {
  return db.selectFrom('waitingList').selectAll().where('equipmentId', '=', equipmentId).where('status', '=', 'CLAIMED').executeTakeFirst();
}
