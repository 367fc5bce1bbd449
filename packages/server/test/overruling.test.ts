import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkIn, moveVisit, openVisitOf } from '../src/domain/attendance.ts';
import { borrow } from '../src/domain/loans.ts';
import { startSession } from '../src/domain/sessions.ts';
import type { Unit } from '../src/domain/unit.ts';
import { openDesk, type Desk } from './desk.ts';
import { addBook, addItem, addPupil } from './holdings.ts';

/** How staff decide against a rule: `override` with the reason they gave. */
interface Decision {
  readonly override?: true;
  readonly reason?: string;
}

let desk: Desk;
let aya: string;
beforeEach(async () => {
  desk = await openDesk({ settings: { locations: [{ name: 'Main Library', capacity: 1 }, { name: 'AVR Room', capacity: 1 }] } });
  aya = (await addPupil(desk, 1)).id;
});
afterEach(() => desk.close());

type Rule = readonly [string, string, () => Promise<(unit: Unit, decision: Decision) => Promise<unknown>>];

/** Each sets up a rule in the way and gives the command that meets it. */
const DOORS: readonly Rule[] = [
  ['[ATT3] a check-in to a full place', 'LOCATION_FULL', async () => {
    const other = await addPupil(desk, 2);
    await desk.run((unit) => checkIn(unit, { personId: other.id, location: 'Main Library' }));
    return (unit, decision) => checkIn(unit, { personId: aya, location: 'Main Library', ...decision });
  }],
  ['[ATT3] a move to a full place', 'LOCATION_FULL', async () => {
    const other = await addPupil(desk, 2);
    await desk.run((unit) => checkIn(unit, { personId: other.id, location: 'AVR Room' }));
    await desk.run((unit) => checkIn(unit, { personId: aya, location: 'Main Library' }));
    const visit = await openVisitOf(desk.runner.db, aya);
    return (unit, decision) => moveVisit(unit, visit!.id, { location: 'AVR Room', ...decision });
  }],
];

const RULES: readonly Rule[] = [
  ['[CIR2] a loan of what is for use in the library', 'LIBRARY_USE_ONLY', async () => {
    const book = await addBook(desk, 'R00001', { collectionCode: 'REF' });
    return (unit, decision) => borrow(unit, { bookId: book.id, personId: aya, ...decision });
  }],
  ['[EQP2] a second session', 'PERSON_HAS_SESSION', async () => {
    const [first, second] = [await addItem(desk, 'PC 1'), await addItem(desk, 'PC 2')];
    await desk.run((unit) => startSession(unit, { equipmentId: first.id, personId: aya }));
    return (unit, decision) => startSession(unit, { equipmentId: second.id, personId: aya, ...decision });
  }],
];

describe.each(RULES)('%s', (_name, code, given) => {
  it('is refused, needs a reason to be overruled, and is written down with it', async () => {
    const command = await given();
    await expect(desk.run((unit) => command(unit, {}))).rejects.toMatchObject({ status: 409, code });
    for (const decision of [{ override: true }, { override: true, reason: '   ' }] as const) {
      await expect(desk.run((unit) => command(unit, decision))).rejects.toMatchObject({ status: 400, code: 'REASON_REQUIRED', details: { overruled: [code] }, errors: [{ path: 'body.reason' }] });
    }
    await desk.run((unit) => command(unit, { override: true, reason: 'the teacher asked' }));
    const audit = await desk.runner.db.selectFrom('audit').select('details').orderBy('seq', 'desc').execute();
    expect(audit.map(({ details }) => JSON.parse(details) as object)).toContainEqual(expect.objectContaining({ overruled: [code], reason: 'the teacher asked' }));
  });
});

describe.each(DOORS)('%s', (_name, code, given) => {
  it('is refused, can be overruled by staff, and is written down with the reason they gave', async () => {
    const command = await given();
    await expect(desk.run((unit) => command(unit, {}))).rejects.toMatchObject({ status: 409, code });
    await desk.run((unit) => command(unit, { override: true, reason: 'the teacher asked' }));
    const audit = await desk.runner.db.selectFrom('audit').select('details').orderBy('seq', 'desc').execute();
    expect(audit.map(({ details }) => JSON.parse(details) as object)).toContainEqual(expect.objectContaining({ overruled: [code], reason: 'the teacher asked' }));
  });

  it('is written down when they gave none', async () => {
    const command = await given();
    await desk.run((unit) => command(unit, { override: true }));
    const audit = await desk.runner.db.selectFrom('audit').select('details').orderBy('seq', 'desc').execute();
    expect(audit.map(({ details }) => JSON.parse(details) as object)).toContainEqual(expect.objectContaining({ overruled: [code], reason: null }));
  });
});
