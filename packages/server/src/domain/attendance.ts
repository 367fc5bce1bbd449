import type { Db } from '../store/open-store.ts';
import { insertRow, prepared } from '../store/prepared.ts';
import { newId } from '../ids.ts';
import { recordActivity } from './activities.ts';
import { stayEndsAt } from './calendar.ts';
import { localDate, localHour, toInstant, toMs } from './instant.ts';
import { insideAt, isFull, locationNamed, type Location } from './locations.ts';
import { findPerson, personById } from './people.ts';
import type { PersonRow } from './person.ts';
import { conflict, notFound, stale } from './refusal.ts';
import { endSessionsOf } from './sessions.ts';
import { atInstant, type Unit } from './unit.ts';
import type { VisitEnd, VisitRow } from './visit.ts';
import { wallTime } from './wall-time.ts';

const openVisits = prepared((db, personId: string) => db.selectFrom('visits').selectAll().where('personId', '=', personId).where('checkedOutAt', 'is', null));

export async function openVisitOf(db: Db, personId: string): Promise<VisitRow | undefined> {
  const [visit] = await openVisits(db, personId);
  return visit;
}

export async function visitById(db: Db, id: string): Promise<VisitRow> {
  const visit = await db.selectFrom('visits').selectAll().where('id', '=', id).executeTakeFirst();
  if (!visit) throw notFound('visit');
  return visit;
}

export interface CheckIn {
  readonly personId: string;
  /** Name of one of the venue's locations, in any letter case. */
  readonly location: string;
  readonly station?: string;
  /** Staff let the person in although the place is full or the person is inactive. */
  readonly override?: boolean;
  readonly reason?: string;
}

/** Opens a visit now. Refuses with ALREADY_INSIDE, LOCATION_FULL, PERSON_INACTIVE or (400) UNKNOWN_LOCATION. */
export async function checkIn(unit: Unit, input: CheckIn): Promise<VisitRow> {
  const person = await personById(unit.db, input.personId);
  const place = locationNamed(unit.venue, input.location);
  const open = await openVisitOf(unit.db, person.id);
  if (open && !(await endIfOver(unit, open, unit.now))) throw alreadyInside(unit, open);

  const overruled: string[] = [];
  if (person.active === 0) {
    if (!input.override) throw conflict('PERSON_INACTIVE', 'This person is not active any more. Staff may let them in on their own decision.', { studentId: person.id });
    overruled.push('PERSON_INACTIVE');
  }
  if (await isFull(unit, place)) {
    if (!input.override) throw await locationFull(unit, place);
    overruled.push('LOCATION_FULL');
  }
  const reason = input.reason?.trim() || undefined;
  const visit = await openVisit(unit, person, { location: place.name, station: input.station, override: overruled.length > 0, reason });
  if (overruled.length > 0) unit.audit({ action: 'VISIT_OVERRIDE', entity: 'visit', entityId: visit.id, details: { overruled, reason: reason ?? null } });
  return visit;
}

export interface VisitStart {
  readonly location: string;
  readonly station: string | undefined;
  readonly override?: boolean;
  readonly reason?: string | undefined;
  /** Epoch milliseconds; a scan made offline began the visit earlier than now. */
  readonly atMs?: number;
  /** The visit is of a day that is over: it is written ended by that day's closing, and never stands beside one that is open now. */
  readonly closedAtMs?: number;
}

/** Writes the visit and its activity; the caller has looked whether it may be. The unique index holds one open visit per person [ATT1]. */
export async function openVisit(unit: Unit, person: PersonRow, start: VisitStart): Promise<VisitRow> {
  const atMs = start.atMs ?? unit.now;
  const zone = unit.venue.settings.timezone;
  const visit: VisitRow = {
    id: newId('visit'), version: 1, createdAt: unit.at, updatedAt: unit.at, personId: person.id, gradeCategory: person.gradeCategory, location: start.location, station: start.station ?? null,
    checkedInAt: toInstant(atMs), checkedOutAt: null, endedBy: null, ...(start.closedAtMs !== undefined && { checkedOutAt: toInstant(start.closedAtMs), endedBy: 'CLOSING' }), localDate: localDate(atMs, zone), localHour: localHour(atMs, zone), override: start.override ? 1 : 0, reason: start.reason ?? null,
  };
  await insertRow(unit.db, 'visits', visit);
  await recordActivity(unit, { type: 'CHECK_IN', person, location: visit.location, metadata: { visitId: visit.id, ...(start.station !== undefined && { station: start.station }) }, atMs });
  if (visit.checkedOutAt !== null) await recordCheckOut(unit, visit, person);
  return visit;
}

/** Ends an open visit, its activity with it, and the person's running session [EQP6]. `atMs` is in the past for closings and offline scans. */
export async function checkOut(unit: Unit, visit: VisitRow, endedBy: VisitEnd, atMs: number = unit.now): Promise<VisitRow> {
  const fromMs = toMs(visit.checkedInAt);
  const untilMs = Math.max(fromMs, atMs);
  const ended: VisitRow = { ...visit, checkedOutAt: toInstant(untilMs), endedBy, version: visit.version + 1, updatedAt: unit.at };
  const { numUpdatedRows } = await unit.db.updateTable('visits').set(ended).where('id', '=', visit.id).where('checkedOutAt', 'is', null).executeTakeFirst();
  // Another node ended it between the look and the write: one visit ends once.
  if (numUpdatedRows === 0n) throw conflict('ALREADY_CHECKED_OUT', 'This visit has already ended.', { id: visit.id });
  const person = visit.personId === null ? undefined : await findPerson(unit.db, visit.personId);
  if (person) await endEarlierSession(unit, person.id, untilMs, endedBy);
  await recordCheckOut(unit, ended, person);
  return ended;
}

async function recordCheckOut(unit: Unit, visit: VisitRow, person: PersonRow | undefined): Promise<void> {
  const untilMs = toMs(visit.checkedOutAt!);
  const duration = Math.round((untilMs - toMs(visit.checkedInAt)) / 1000);
  await recordActivity(unit, { type: 'CHECK_OUT', ...(person && { person }), location: visit.location, duration, metadata: { visitId: visit.id, endedBy: visit.endedBy }, atMs: untilMs });
}

/** A check-out told late must not end a session that began after it. */
async function endEarlierSession(unit: Unit, personId: string, untilMs: number, endedBy: VisitEnd): Promise<void> {
  const running = await unit.db.selectFrom('equipmentSessions').select('startedAt').where('personId', '=', personId).where('status', '=', 'ACTIVE').executeTakeFirst();
  if (!running || toMs(running.startedAt) > untilMs) return;
  // A closing that was slept over ended the session then: the person's minutes must not pay for the outage.
  if (endedBy === 'CLOSING') await endSessionsOf(atInstant(unit, untilMs), personId, 'CLOSING');
  else await endSessionsOf(unit, personId, 'CHECK_OUT');
}

/** Ends a visit by hand. */
export async function checkOutById(unit: Unit, id: string): Promise<VisitRow> {
  const visit = await visitById(unit.db, id);
  if (visit.checkedOutAt !== null) throw conflict('ALREADY_CHECKED_OUT', 'This visit has already ended.', { id, checkedOutAt: visit.checkedOutAt, endedBy: visit.endedBy });
  return checkOut(unit, visit, 'STAFF');
}

/** Closing time that has passed by `atMs` ends a visit even where the job has not come by yet. Returns whether it did [ATT2]. */
export async function endIfOver(unit: Unit, visit: VisitRow, atMs: number): Promise<boolean> {
  const endsMs = stayEndsAt(toMs(visit.checkedInAt), unit.venue);
  if (endsMs > atMs) return false;
  await checkOut(unit, visit, 'CLOSING', endsMs);
  return true;
}

/** From one location to another in one step: the visit goes on, nobody is counted twice or not at all [ATT3]. */
export async function moveVisit(unit: Unit, id: string, input: { location: string; override?: boolean; reason?: string }, ifMatch?: number): Promise<VisitRow> {
  const visit = await visitById(unit.db, id);
  if (ifMatch !== undefined && ifMatch !== visit.version) throw stale(visit.version);
  if (visit.checkedOutAt !== null) throw conflict('ALREADY_CHECKED_OUT', 'This visit has already ended.', { id, checkedOutAt: visit.checkedOutAt, endedBy: visit.endedBy });
  const place = locationNamed(unit.venue, input.location);
  if (place.name === visit.location) return visit;
  const overruled = (await isFull(unit, place)) ? ['LOCATION_FULL'] : [];
  if (overruled.length > 0 && !input.override) throw await locationFull(unit, place);
  const decision = overruled.length > 0 && { override: 1 as const, reason: input.reason?.trim() || null };
  const change = { location: place.name, version: visit.version + 1, updatedAt: unit.at, ...decision };
  const { numUpdatedRows } = await unit.db.updateTable('visits').set(change).where('id', '=', id).where('checkedOutAt', 'is', null).executeTakeFirst();
  // Another node ended it between the look and the write: moving it must not open it again.
  if (numUpdatedRows === 0n) throw conflict('ALREADY_CHECKED_OUT', 'This visit has already ended.', { id });
  unit.audit({ action: 'VISIT_MOVED', entity: 'visit', entityId: id, details: { from: visit.location, to: place.name, ...(decision && { overruled, reason: decision.reason }) } });
  return { ...visit, ...change };
}

async function locationFull(unit: Unit, { name, capacity }: Location): Promise<Error> {
  const inside = await insideAt(unit.db, name);
  return conflict('LOCATION_FULL', `${name} is full: ${inside} of ${capacity}.`, { location: name, capacity, inside });
}

function alreadyInside(unit: Unit, visit: VisitRow): Error {
  const since = wallTime(toMs(visit.checkedInAt), unit.venue.settings.timezone);
  return conflict('ALREADY_INSIDE', `Already inside ${visit.location} since ${since}.`, { id: visit.id, since: visit.checkedInAt, location: visit.location });
}
