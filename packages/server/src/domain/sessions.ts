import Type, { type Static } from 'typebox';
import { newId } from '../ids.ts';
import { recordActivity } from './activities.ts';
import { claimOn, equipmentById, openSessionOf, openSessionsOn, sessionById, type EquipmentRow, type SessionRow } from './equipment-rows.ts';
import { localDate, toInstant, toMs } from './instant.ts';
import { reasonToOverrule } from './overruling.ts';
import { findPerson, personById, type PersonRow } from './people.ts';
import { personName } from './present.ts';
import { conflict } from './refusal.ts';
import { lockEquipmentType, lockPerson } from './row-locks.ts';
import { boundOfExtension, boundOfStart, endOf } from './session-bounds.ts';
import { closeSession, type SessionEnd } from './session-ending.ts';
import { BOUND_REASONS, type SessionBound } from './session-limit.ts';
import { passedWarning } from './session-warnings.ts';
import type { Unit } from './unit.ts';
import { passOn, releaseClaim, serveWaiting } from './waiting-list.ts';

export const SessionBoundAnswer = Type.Object({ minutes: Type.Integer({ description: 'whole minutes that are possible' }), reason: Type.Enum(BOUND_REASONS, { description: 'what decides it' }) });

export const Session = Type.Object({
  id: Type.String(),
  equipmentId: Type.String(),
  studentId: Type.Union([Type.String(), Type.Null()]),
  startedAt: Type.String(),
  endsAt: Type.Union([Type.String(), Type.Null()]),
  endedAt: Type.Union([Type.String(), Type.Null()]),
  endReason: Type.Union([Type.String(), Type.Null()]),
  extensions: Type.Integer(),
  status: Type.Enum(['ACTIVE', 'COMPLETED', 'EXPIRED', 'TERMINATED']),
  bound: SessionBoundAnswer,
  version: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});
export type Session = Static<typeof Session>;

export interface SessionStart {
  readonly equipmentId: string;
  readonly personId: string;
  /** Less than the bound on purpose; more is cut to the bound. */
  readonly minutes?: number | undefined;
  /** Staff decide against a claim, an abandoned session or the day's budget; written to the audit with the reason. */
  readonly override?: boolean | undefined;
  readonly reason?: string | undefined;
}

/** [EQP1, EQP2] Starts a session. Its end is absolute: whole minutes after its start, or closing. */
export async function startSession(unit: Unit, input: SessionStart): Promise<Session> {
  await lockPerson(unit, input.personId);
  await lockEquipmentType(unit, (await equipmentById(unit.db, input.equipmentId)).type);
  const item = await equipmentById(unit.db, input.equipmentId);
  const person = await personById(unit.db, input.personId);
  const override = input.override === true;
  const ignored: string[] = [];
  /** Refuses with the rule's own words, or notes that staff decided against it. */
  const unlessOverridden = (code: string, detail: string, details: Record<string, unknown>): void => {
    if (!override) throw conflict(code, detail, details);
    ignored.push(code);
  };
  if (item.status !== 'AVAILABLE') throw conflict('EQUIPMENT_UNAVAILABLE', `${item.name} is out of use.`, { status: item.status, reason: item.statusReason });
  if (!person.active) unlessOverridden('PERSON_INACTIVE', 'This person is not active any more.', { studentId: person.id });
  const freed = new Set([item.id, ...(await expireOverdue(unit, item.id, person.id))]);
  const own = await openSessionOf(unit.db, person.id);
  if (own) {
    unlessOverridden('PERSON_HAS_SESSION', 'This person already has a running session.', takenBy(own));
    freed.add((await closeSession(unit, own, 'TERMINATED', 'STARTED_ELSEWHERE')).id);
  }
  await freeSeat(unit, item, person.id, unlessOverridden);
  const bound = await grantedBound(unit, item, person, unlessOverridden);
  const reason = ignored.length > 0 ? reasonToOverrule(ignored, input.reason) : null;
  const session = await insertSession(unit, item, person, endOf(unit, unit.now, bound, input.minutes), bound);
  const served = await serveWaiting(unit, person.id, item.type);
  await recordActivity(unit, { type: 'EQUIPMENT_USE', person, location: item.location, equipment: item, metadata: { event: 'START', sessionId: session.id, endsAt: session.endsAt } });
  if (ignored.length > 0) unit.audit({ action: 'SESSION_OVERRIDE', entity: 'session', entityId: session.id, details: { overruled: ignored, reason } });
  await passOn(unit, [...freed], served ? [item.type] : []);
  return session;
}

/** [EQP4] Adds time to a running session, at most the policy's step, and says what was added. */
export async function extendSession(unit: Unit, id: string, minutes?: number): Promise<Session> {
  const session = await lockedSession(unit, id);
  if (session.status !== 'ACTIVE' || (session.endsAt !== null && session.endsAt <= unit.at)) throw conflict('SESSION_ENDED', 'This session has ended.', { status: session.status, endedAt: session.endedAt ?? session.endsAt });
  const { maxExtensions, extensionMinutes } = unit.venue.policies.sessions;
  const item = await equipmentById(unit.db, session.equipmentId);
  if (session.extensions >= maxExtensions) throw conflict('EXTENSION_LIMIT', `A session is extended at most ${maxExtensions} times.`, { extensions: session.extensions, maxExtensions });
  const next = await unit.db.selectFrom('waitingList').select('number').where('type', '=', item.type).where('status', '=', 'WAITING').orderBy('localDate').orderBy('number').executeTakeFirst();
  if (next) throw conflict('SOMEBODY_WAITS', `Number ${next.number} waits for a place like this.`, { number: next.number });
  const bound = await boundOfExtension(unit, item, session, Math.min(minutes ?? extensionMinutes, extensionMinutes));
  if (bound.minutes < 1) throw noTimeLeft(bound);
  const endsMs = endOf(unit, toMs(session.endsAt ?? session.startedAt), bound);
  const extensions = session.extensions + 1;
  await unit.db.updateTable('equipmentSessions').set({ endsAt: toInstant(endsMs), extensions, warnedMinutes: passedWarning(endsMs, unit.now), updatedAt: unit.at, version: session.version + 1 }).where('id', '=', id).execute();
  unit.audit({ action: 'SESSION_EXTEND', entity: 'session', entityId: id, details: { minutes: bound.minutes, reason: bound.reason } });
  await passOn(unit, [item.id]);
  return { ...sessionEntity(await sessionById(unit.db, id)), bound };
}

/** Ends a session by hand. */
export async function endSession(unit: Unit, id: string, reason?: string): Promise<Session> {
  const session = await lockedSession(unit, id);
  if (session.status !== 'ACTIVE') throw conflict('SESSION_ENDED', 'This session has ended.', { status: session.status, endedAt: session.endedAt });
  await endAll(unit, [session], 'COMPLETED', reason ?? 'ENDED');
  unit.audit({ action: 'SESSION_END', entity: 'session', entityId: id, details: { reason: reason ?? null } });
  return sessionEntity(await sessionById(unit.db, id));
}

/** The session as it stands once nobody else decides about it, its person's day or its item's queue. */
async function lockedSession(unit: Unit, id: string): Promise<SessionRow> {
  const session = await sessionById(unit.db, id);
  if (session.personId !== null) await lockPerson(unit, session.personId);
  await lockEquipmentType(unit, (await equipmentById(unit.db, session.equipmentId)).type);
  return sessionById(unit.db, id);
}

/** [EQP6] The person leaves the library, is sent out at closing, or is erased: their session ends with them. */
export async function endSessionsOf(unit: Unit, personId: string, reason: 'CHECK_OUT' | 'CLOSING' | 'ERASED'): Promise<void> {
  const own = await openSessionOf(unit.db, personId);
  if (own) await endAll(unit, [own], reason === 'CLOSING' ? 'TERMINATED' : 'COMPLETED', reason);
}

/** Everybody out: closing time or an emergency. */
export async function closeAllSessions(unit: Unit, reason: string): Promise<void> {
  await endAll(unit, await unit.db.selectFrom('equipmentSessions').selectAll().where('status', '=', 'ACTIVE').orderBy('startedAt').execute(), 'TERMINATED', reason);
}

/** Ends sessions and passes what they free on, telling each item once. */
export async function endAll(unit: Unit, sessions: readonly SessionRow[], status: SessionEnd, reason: string): Promise<void> {
  const freed: string[] = [];
  for (const session of sessions) freed.push((await closeSession(unit, session, status, reason)).id);
  if (freed.length > 0) await passOn(unit, freed);
}

export function sessionEntity(row: SessionRow): Session {
  const { id, equipmentId, personId, startedAt, endsAt, endedAt, endReason, extensions, status, boundMinutes, boundReason, version, createdAt, updatedAt } = row;
  const bound = { minutes: boundMinutes ?? 0, reason: boundReason as SessionBound['reason'] };
  return { id, equipmentId, studentId: personId, startedAt, endsAt, endedAt, endReason, extensions, status, bound, version, createdAt, updatedAt };
}

/** Sessions past their end that the deadline job has not met yet must not stand in anybody's way. */
async function expireOverdue(unit: Unit, equipmentId: string, personId: string): Promise<string[]> {
  const late = await unit.db
    .selectFrom('equipmentSessions')
    .selectAll()
    .where('status', '=', 'ACTIVE')
    .where('endsAt', '<=', unit.at)
    .where((eb) => eb.or([eb('equipmentId', '=', equipmentId), eb('personId', '=', personId)]))
    .execute();
  const freed: string[] = [];
  for (const session of late) freed.push((await closeSession(unit, session, 'EXPIRED', 'TIME_LIMIT')).id);
  return freed;
}

type Rule = (code: string, detail: string, details: Record<string, unknown>) => void;

/** Makes sure that a seat is free and not kept for another; overriding ends the session that would end first. */
async function freeSeat(unit: Unit, item: EquipmentRow, personId: string, unlessOverridden: Rule): Promise<void> {
  const open = await openSessionsOn(unit.db, item.id);
  const claim = await claimOn(unit.db, item.id);
  const foreign = claim && claim.personId !== personId ? claim : undefined;
  if (open.length >= item.seats) {
    const first = open.toSorted((a, b) => (a.endsAt ?? '').localeCompare(b.endsAt ?? ''))[0]!;
    unlessOverridden('SEAT_TAKEN', item.seats === 1 ? `${item.name} is in use.` : `All ${item.seats} places of ${item.name} are taken.`, { ...takenBy(first), ...(await nameOf(unit, first)), sessions: open.map(takenBy) });
    await closeSession(unit, first, 'TERMINATED', 'REPLACED');
  } else if (foreign && item.seats - open.length <= 1) {
    unlessOverridden('CLAIMED_FOR_ANOTHER', `${item.name} is kept for number ${foreign.number}.`, { number: foreign.number, claimUntil: foreign.claimUntil });
    await releaseClaim(unit, foreign);
  }
}

/** Where nothing is left of the day or before closing, staff may still grant what the category and the item allow. */
async function grantedBound(unit: Unit, item: EquipmentRow, person: PersonRow, unlessOverridden: Rule): Promise<SessionBound> {
  const bound = await boundOfStart(unit, item, person);
  if (bound.minutes >= 1) return bound;
  const refusal = noTimeLeft(bound);
  unlessOverridden(refusal.code, refusal.message, { ...refusal.details });
  return boundOfStart(unit, item, person, { ignoring: ['DAILY', 'CLOSING'] });
}

function noTimeLeft(bound: SessionBound) {
  if (bound.reason === 'DAILY') return conflict('DAILY_LIMIT', 'The minutes of this day are used up.', { bound });
  if (bound.reason === 'CLOSING') return conflict('CLOSED', 'The library closes before that.', { bound });
  return conflict('NO_TIME_LEFT', 'There is no time left to give.', { bound });
}

async function insertSession(unit: Unit, item: EquipmentRow, person: PersonRow, endsMs: number, bound: SessionBound): Promise<Session> {
  const taken = new Set((await openSessionsOn(unit.db, item.id)).map((session) => session.seat));
  let seat = 1;
  while (taken.has(seat)) seat++;
  const row: SessionRow = {
    id: newId('session'), version: 1, createdAt: unit.at, updatedAt: unit.at, equipmentId: item.id, seat, personId: person.id, gradeCategory: person.gradeCategory, startedAt: unit.at,
    endsAt: toInstant(endsMs), endedAt: null, endReason: null, extensions: 0, status: 'ACTIVE', boundMinutes: bound.minutes, boundReason: bound.reason, warnedMinutes: null,
    localDate: localDate(unit.now, unit.venue.settings.timezone),
  };
  await unit.db.insertInto('equipmentSessions').values(row).execute();
  return sessionEntity(row);
}

/** The one who loses is told who has it: staff only come here. */
async function nameOf(unit: Unit, { personId }: SessionRow): Promise<{ studentName?: string }> {
  const person = personId === null ? undefined : await findPerson(unit.db, personId);
  return person ? { studentName: personName(person, 'staff') } : {};
}

const takenBy = ({ id, equipmentId, personId, startedAt, endsAt }: SessionRow) => ({ sessionId: id, equipmentId, studentId: personId, startedAt, endsAt });
