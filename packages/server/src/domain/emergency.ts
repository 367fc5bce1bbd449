import Type, { type Static } from 'typebox';
import type { Selectable } from 'kysely';
import { EmergencyAlert, SEVERITIES } from '@clms/protocol';
import { inChunks } from '../store/chunks.ts';
import type { Db } from '../store/open-store.ts';
import type { Tables } from '../store/tables.ts';
import { newId } from '../ids.ts';
import { locationNamed } from './locations.ts';
import { toInstant, toMs } from './instant.ts';
import type { PersonRow } from './person.ts';
import { personName } from './present.ts';
import { conflict, notFound } from './refusal.ts';
import type { Unit } from './unit.ts';

type EmergencyRow = Selectable<Tables['emergencies']>;

export const NewEmergency = Type.Object(
  { severity: Type.Enum(SEVERITIES), message: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }), location: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })) },
  { additionalProperties: false },
);
export type NewEmergency = Static<typeof NewEmergency>;

/** What HTTP answers: the alert whole, as it was told, with what every entity has. */
export const Emergency = Type.Object({ ...EmergencyAlert.properties, version: Type.Integer(), createdAt: Type.String(), updatedAt: Type.String() });
export type Emergency = Static<typeof Emergency>;

/** Raises an alert on every screen and takes down who is inside at this moment [EMG1][EMG2]. */
export async function raiseEmergency(unit: Unit, input: NewEmergency): Promise<Emergency> {
  const { db, at, actor } = unit;
  const location = input.location === undefined ? null : locationNamed(unit.venue, input.location).name;
  const row: EmergencyRow = {
    id: newId('emergency'), version: 1, createdAt: at, updatedAt: at, severity: input.severity, message: input.message.trim(), location, raisedAt: at, raisedBy: actor.name, clearedAt: null, clearedBy: null,
  };
  await db.insertInto('emergencies').values(row).execute();
  const inside = await db.selectFrom('visits').select(['personId', 'location']).where('checkedOutAt', 'is', null).where('personId', 'is not', null).execute();
  const entries = inside.map((visit) => ({ emergencyId: row.id, personId: visit.personId!, location: visit.location, state: 'UNACCOUNTED' as const, tickedBy: null, tickedAt: null }));
  for (const some of inChunks(entries)) await db.insertInto('rollCall').values(some).execute();
  unit.audit({ action: 'EMERGENCY_RAISED', entity: 'emergency', entityId: row.id, details: { severity: row.severity, location, inside: inside.length } });
  return tellEmergency(unit, row);
}

/**
 * A warden's tick [EMG2]: the last one counts, every one is kept. `tickedAt` is when it was made, for one that waited for the server: it does
 * not undo what another warden has found out since.
 */
export async function tickRollCall(unit: Unit, id: string, personId: string, state: 'SAFE' | 'MISSING', tickedAt?: string): Promise<Emergency> {
  const { raisedAt } = await activeEmergency(unit, id);
  const entry = await unit.db.selectFrom('rollCall').select('tickedAt').where('emergencyId', '=', id).where('personId', '=', personId).executeTakeFirst();
  if (!entry) throw notFound('person on this roll-call');
  const at = tickedAt === undefined ? unit.at : toInstant(Math.min(unit.now, Math.max(toMs(raisedAt), toMs(tickedAt))));
  if (tickedAt === undefined || entry.tickedAt === null || entry.tickedAt <= at) {
    await unit.db.updateTable('rollCall').set({ state, tickedBy: unit.actor.name, tickedAt: at }).where('emergencyId', '=', id).where('personId', '=', personId).execute();
  }
  await unit.db.insertInto('rollCallTicks').values({ emergencyId: id, personId, state, tickedBy: unit.actor.name, tickedAt: at }).execute();
  return change(unit, id, {});
}

/** [EMG3] */
export async function clearEmergency(unit: Unit, id: string): Promise<Emergency> {
  await activeEmergency(unit, id);
  unit.audit({ action: 'EMERGENCY_CLEARED', entity: 'emergency', entityId: id });
  return change(unit, id, { clearedAt: unit.at, clearedBy: unit.actor.name });
}

export async function activeEmergencies(db: Db): Promise<Emergency[]> {
  const rows = await db.selectFrom('emergencies').selectAll().where('clearedAt', 'is', null).orderBy('raisedAt', 'desc').execute();
  return Promise.all(rows.map((row) => emergencyEntity(db, row)));
}

/** All of them, newest first; `after` = instant and id of the last one of the page before. */
export async function emergencyList(db: Db, { after, limit }: { readonly after?: readonly [string, string] | undefined; readonly limit: number }): Promise<Emergency[]> {
  let rows = db.selectFrom('emergencies').selectAll().orderBy('raisedAt', 'desc').orderBy('id', 'desc').limit(limit);
  if (after) rows = rows.where((eb) => eb.or([eb('raisedAt', '<', after[0]), eb.and([eb('raisedAt', '=', after[0]), eb('id', '<', after[1])])]));
  return Promise.all((await rows.execute()).map((row) => emergencyEntity(db, row)));
}

export async function emergencyRow(db: Db, id: string): Promise<EmergencyRow> {
  const row = await db.selectFrom('emergencies').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw notFound('emergency');
  return row;
}

export async function emergencyEntity(db: Db, row: EmergencyRow): Promise<Emergency> {
  const rollCall = await rollCallOf(db, row.id);
  const count = (state: string) => rollCall.filter((entry) => entry.state === state).length;
  return {
    id: row.id,
    severity: row.severity,
    message: row.message,
    ...(row.location !== null && { location: row.location }),
    state: row.clearedAt === null ? 'ACTIVE' : 'ALL_CLEAR',
    raisedAt: row.raisedAt,
    raisedBy: row.raisedBy,
    ...(row.clearedAt !== null && { clearedAt: row.clearedAt }),
    ...(row.clearedBy !== null && { clearedBy: row.clearedBy }),
    counts: { inside: rollCall.length, safe: count('SAFE'), missing: count('MISSING'), unaccounted: count('UNACCOUNTED') },
    rollCall,
    timestamp: row.updatedAt,
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  };
}

/** Everybody on the list by place and name: the order of the printed sheet. */
async function rollCallOf(db: Db, emergencyId: string): Promise<RollCallEntry[]> {
  const rows = await db
    .selectFrom('rollCall')
    .innerJoin('people', 'people.id', 'rollCall.personId')
    .select(['rollCall.personId', 'rollCall.location', 'rollCall.state', 'rollCall.tickedBy', 'rollCall.tickedAt', 'people.surname', 'people.givenName', 'people.section'])
    .where('emergencyId', '=', emergencyId)
    .orderBy('rollCall.location')
    .orderBy('people.searchKey')
    .orderBy('rollCall.personId')
    .execute();
  return rows.map(toEntry);
}

type RollCallEntry = NonNullable<EmergencyAlert['rollCall']>[number];
type ListedRow = Omit<Selectable<Tables['rollCall']>, 'emergencyId'> & Pick<PersonRow, 'surname' | 'givenName' | 'section'>;

function toEntry({ personId, location, state, tickedBy, tickedAt, section, ...name }: ListedRow): RollCallEntry {
  return { personId, name: personName(name, 'staff'), ...(section !== null && { section }), location, state, ...(tickedBy !== null && { tickedBy }), ...(tickedAt !== null && { tickedAt }) };
}

async function activeEmergency(unit: Unit, id: string): Promise<EmergencyRow> {
  await unit.lock(`emergency ${id}`); // nobody ticks after the all-clear, and it is given once
  const row = await emergencyRow(unit.db, id);
  if (row.clearedAt !== null) throw conflict('ALREADY_CLEARED', 'The all-clear was given already.', { clearedAt: row.clearedAt, clearedBy: row.clearedBy });
  return row;
}

/** Writes the row before the list is read: a warden on another node then waits here, and her event holds this one's tick. */
async function change(unit: Unit, id: string, fields: Partial<Pick<EmergencyRow, 'clearedAt' | 'clearedBy'>>): Promise<Emergency> {
  const changed = await unit.db
    .updateTable('emergencies')
    .set(({ eb }) => ({ ...fields, version: eb('version', '+', 1), updatedAt: unit.at }))
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow();
  return tellEmergency(unit, changed);
}

/** Tells an emergency whole, as it stands. */
export async function tellEmergency(unit: Unit, row: EmergencyRow): Promise<Emergency> {
  const emergency = await emergencyEntity(unit.db, row);
  const { version: _version, createdAt: _createdAt, updatedAt: _updatedAt, ...alert } = emergency;
  unit.publish('emergency', 'emergency_alert', alert);
  return emergency;
}
