import fc from 'fast-check';
import { checkIn, checkOutById, moveVisit } from '../src/domain/attendance.ts';
import { clearEmergency, raiseEmergency, tickRollCall } from '../src/domain/emergency.ts';
import { updateEquipment } from '../src/domain/equipment.ts';
import { cancelHold, placeHold } from '../src/domain/holds.ts';
import { localDate } from '../src/domain/instant.ts';
import { borrow, renewLoan, reportLost, returnLoan } from '../src/domain/loans.ts';
import { raiseNotice } from '../src/domain/notices.ts';
import { updatePerson } from '../src/domain/people.ts';
import { erasePerson } from '../src/domain/person-erasure.ts';
import { acknowledge } from '../src/domain/receipts.ts';
import { Refusal } from '../src/domain/refusal.ts';
import { resolveScanException } from '../src/domain/scan-exceptions.ts';
import { scan } from '../src/domain/scans.ts';
import { endSession, extendSession, startSession } from '../src/domain/sessions.ts';
import type { Unit } from '../src/domain/unit.ts';
import { changeCalendar, changePolicies, changeSettings } from '../src/domain/venue-changes.ts';
import { joinWaitingList, leaveWaitingList } from '../src/domain/waiting-list.ts';
import type { Db } from '../src/store/open-store.ts';
import { KIOSK, type Desk } from './desk.ts';
import { addBook, addItem, addPupil } from './holdings.ts';

/** What can happen at the desk. `which` and `other` choose among the people, items, copies and rows there are. */
const DEEDS = [
  'check in', 'check in', 'scan', 'scan', 'check out', 'move', 'start', 'start', 'end', 'extend', 'join', 'leave', 'borrow', 'borrow', 'return', 'renew', 'lose', 'hold', 'cancel hold', 'unknown card', 'settle exception',
  'out of order', 'in order', 'emergency', 'tick', 'all clear', 'notice', 'acknowledge', 'close now', 'open again', 'capacity', 'warning level', 'new section', 'erase',
] as const;
export type Step = { readonly do: (typeof DEEDS)[number]; readonly which: number; readonly other: number; readonly override: boolean } | { readonly do: 'wait'; readonly minutes: number };

const small = fc.nat(5);
export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom(...DEEDS), which: small, other: small, override: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.oneof(fc.integer({ min: 1, max: 120 }), fc.constantFrom(600, 1440, 4320)) }) },
);

export interface School {
  readonly desk: Desk;
  readonly people: readonly { readonly id: string; readonly barcode: string }[];
  readonly items: readonly string[];
  readonly books: readonly string[];
}

/** A small library, so that everything gets into everything's way. */
export async function stock(desk: Desk): Promise<School> {
  const items = [await addItem(desk, 'PC 1'), await addItem(desk, 'PC 2'), await addItem(desk, 'Room 1', { type: 'STUDY_ROOM', seats: 2 })];
  const books = [await addBook(desk, 'A1'), await addBook(desk, 'A2'), await addBook(desk, 'B1', { title: 'El Filibusterismo', collectionCode: 'EB' })];
  const people = [];
  for (const number of [1, 2, 3, 4, 5]) people.push(await addPupil(desk, number, number % 2 ? '9' : '2'));
  return { desk, people, items: items.map(({ id }) => id), books: books.map(({ id }) => id) };
}

const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];
const PLACES = ['Main Library', 'AVR Room'];

/** Does a step at the desk; a rule that says no is an answer. Waiting is the caller's. */
export async function take({ desk, people, items, books }: School, taken: Exclude<Step, { do: 'wait' }>): Promise<unknown> {
  const { which, other, override } = taken;
  const decision = override ? ({ override, reason: 'a trial' } as const) : {};
  const person = pick(people, which)!;
  const attempt = (work: (unit: Unit) => Promise<unknown>, device = false) =>
    desk.run(work, ...(device ? [KIOSK] : [])).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
    });
  /** One of the rows that a query finds. */
  const one = async (find: (db: Db) => Promise<{ id: string }[]>) => pick((await find(desk.runner.db)).map(({ id }) => id).toSorted(), which);
  const withRow = async (find: (db: Db) => Promise<{ id: string }[]>, work: (unit: Unit, id: string) => Promise<unknown>) => {
    const id = await one(find);
    if (id !== undefined) await attempt((unit) => work(unit, id));
  };
  const inside = (db: Db) => db.selectFrom('visits').select('id').where('checkedOutAt', 'is', null).execute();
  const running = (db: Db) => db.selectFrom('equipmentSessions').select('id').where('status', '=', 'ACTIVE').execute();
  const waiting = (db: Db) => db.selectFrom('waitingList').select('id').where('status', 'in', ['WAITING', 'CLAIMED']).execute();
  const lent = (db: Db) => db.selectFrom('loans').select('id').where('returnedAt', 'is', null).execute();
  const held = (db: Db) => db.selectFrom('holds').select('id').where('status', 'in', ['WAITING', 'READY']).execute();
  const alarms = (db: Db) => db.selectFrom('emergencies').select('id').where('clearedAt', 'is', null).execute();
  const notices = (db: Db) => db.selectFrom('notices').select('id').execute();
  const exceptions = (db: Db) => db.selectFrom('scanExceptions').select('id').where('resolvedAt', 'is', null).execute();
  const today = localDate(desk.clock.now(), desk.runner.venue.settings.timezone);
  switch (taken.do) {
    case 'check in': return attempt((unit) => checkIn(unit, { personId: person.id, location: pick(PLACES, other)!, ...decision }));
    case 'scan': return attempt((unit) => scan(unit, { barcode: person.barcode, station: 'door' }), true);
    case 'unknown card': return attempt((unit) => scan(unit, { barcode: `nobody ${other}`, station: 'door' }), true);
    case 'settle exception': return withRow(exceptions, resolveScanException);
    case 'check out': return withRow(inside, checkOutById);
    case 'move': return withRow(inside, (unit, id) => moveVisit(unit, id, { location: pick(PLACES, other)!, ...decision }));
    case 'start': return attempt((unit) => startSession(unit, { equipmentId: pick(items, other)!, personId: person.id, ...decision }));
    case 'end': return withRow(running, endSession);
    case 'extend': return withRow(running, extendSession);
    case 'join': return attempt((unit) => joinWaitingList(unit, { type: other % 3 === 2 ? 'STUDY_ROOM' : 'COMPUTER', personId: person.id }));
    case 'leave': return withRow(waiting, leaveWaitingList);
    case 'borrow': return attempt((unit) => borrow(unit, { bookId: pick(books, other)!, personId: person.id, ...decision }));
    case 'return': return withRow(lent, (unit, id) => returnLoan(unit, { id }));
    case 'renew': return withRow(lent, renewLoan);
    case 'lose': return withRow(lent, reportLost);
    case 'hold': return attempt((unit) => placeHold(unit, { bookId: pick(books, other)!, personId: person.id }));
    case 'cancel hold': return withRow(held, cancelHold);
    case 'out of order': return attempt((unit) => updateEquipment(unit, pick(items, other)!, { status: 'OUT_OF_ORDER', reason: 'broken' }));
    case 'in order': return attempt((unit) => updateEquipment(unit, pick(items, other)!, { status: 'AVAILABLE' }));
    case 'emergency': return attempt((unit) => raiseEmergency(unit, { severity: override ? 'CRITICAL' : 'HIGH', message: 'Drill' }));
    case 'tick': return withRow(alarms, (unit, id) => tickRollCall(unit, id, person.id, override ? 'SAFE' : 'MISSING'));
    case 'all clear': return withRow(alarms, clearEmergency);
    case 'notice': return attempt((unit) => raiseNotice(unit, { title: 'Note', message: `Number ${other}`, priority: override ? 'CRITICAL' : 'LOW', category: 'USER', recipients: { users: ['user_ana'] } }));
    case 'acknowledge': return withRow(notices, (unit, id) => acknowledge(unit, id, 'acknowledged'));
    case 'close now': return attempt((unit) => changeCalendar(unit, { exceptions: [{ date: today, hours: [], reason: 'storm' }] }));
    case 'open again': return attempt((unit) => changeCalendar(unit, { exceptions: [] }));
    case 'capacity': return attempt((unit) => changeSettings(unit, { locations: PLACES.map((name) => ({ name, capacity: 1 + other })) }));
    case 'warning level': return attempt((unit) => changePolicies(unit, { attendance: { capacityWarningPercent: 50 + 10 * other } }));
    case 'new section': return attempt((unit) => updatePerson(unit, person.id, { section: `ST. ${other}` }));
    case 'erase': return attempt((unit) => erasePerson(unit, person.id, 'asked for', () => undefined));
  }
}

