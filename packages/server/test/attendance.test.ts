import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkIn, checkOutById, moveVisit, openVisitOf } from '../src/domain/attendance.ts';
import { startSession } from '../src/domain/sessions.ts';
import { updatePerson } from '../src/domain/people.ts';
import { openDesk, type Desk } from './desk.ts';
import { addItem, addPupil } from './holdings.ts';

let desk: Desk;
let aya: string;
beforeEach(async () => {
  desk = await openDesk({ settings: { locations: [{ name: 'Main Library', capacity: 2 }, { name: 'AVR Room', capacity: 1 }] } });
  aya = (await addPupil(desk, 1)).id;
});
afterEach(() => desk.close());

const enter = (personId: string, more: { location?: string; override?: boolean; reason?: string } = {}) => desk.run((unit) => checkIn(unit, { personId, location: 'main library', ...more }));
const told = () => desk.events.filter((event) => event.topic === 'activities').map((event) => event.data as { activityType: string; duration?: number; location: string });
const open = () => desk.runner.db.selectFrom('visits').selectAll().where('checkedOutAt', 'is', null).execute();

describe('a visit', () => {
  it('[ATT1] is open once per person: of many check-ins at the same instant one wins', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => enter(aya)));
    expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(tries.find((one) => one.status === 'rejected')).toMatchObject({ reason: { status: 409, code: 'ALREADY_INSIDE', details: { since: '2025-10-14T02:30:00.000Z', location: 'Main Library' } } });
    expect(await open()).toHaveLength(1);
    expect(told()).toHaveLength(1);
  });

  it('[ATT4] tells the way in and, with its seconds, the way out, once each', async () => {
    const visit = await enter(aya);
    desk.clock.advance(90_000);
    await desk.run((unit) => checkOutById(unit, visit.id));
    expect(told().map(({ activityType, duration }) => [activityType, duration])).toEqual([['CHECK_IN', undefined], ['CHECK_OUT', 90]]);
    await expect(desk.run((unit) => checkOutById(unit, visit.id))).rejects.toMatchObject({ code: 'ALREADY_CHECKED_OUT' });
  });

  it('[EQP6] ends the session of whoever leaves', async () => {
    const visit = await enter(aya);
    const item = await addItem(desk, 'PC 1');
    await desk.run((unit) => startSession(unit, { equipmentId: item.id, personId: aya }));
    await desk.run((unit) => checkOutById(unit, visit.id));
    expect(await desk.runner.db.selectFrom('equipmentSessions').select('status').execute()).toEqual([{ status: 'COMPLETED' }]);
  });

  it('[ATT3] needs a place; staff may overrule, which is written down', async () => {
    const [second, third] = [await addPupil(desk, 2), await addPupil(desk, 3)];
    await enter(aya);
    await enter(second.id);
    await expect(enter(third.id)).rejects.toMatchObject({ code: 'LOCATION_FULL', details: { capacity: 2, inside: 2 } });
    expect(await enter(third.id, { override: true, reason: 'class visit' })).toMatchObject({ override: 1, reason: 'class visit' });
    expect(await desk.runner.db.selectFrom('audit').select('details').where('action', '=', 'VISIT_OVERRIDE').execute()).toEqual([{ details: JSON.stringify({ overruled: ['LOCATION_FULL'], reason: 'class visit' }) }]);
  });

  it('[ATT3] moves in one step, and not into a full room', async () => {
    const second = await addPupil(desk, 2);
    const visit = await enter(aya);
    await enter(second.id, { location: 'AVR Room' });
    await expect(desk.run((unit) => moveVisit(unit, visit.id, { location: 'AVR Room' }))).rejects.toMatchObject({ code: 'LOCATION_FULL' });
    const moved = await desk.run((unit) => moveVisit(unit, visit.id, { location: 'avr room', override: true, reason: 'the class moves' }, 1));
    expect(moved).toMatchObject({ id: visit.id, location: 'AVR Room', version: 2, checkedInAt: visit.checkedInAt });
    await expect(desk.run((unit) => moveVisit(unit, visit.id, { location: 'Main Library' }, 1))).rejects.toMatchObject({ status: 412 });
  });

  it('[ATT3] in a place that is not known is answered with the places there are', async () => {
    await expect(enter(aya, { location: 'Attic' })).rejects.toMatchObject({ status: 400, code: 'UNKNOWN_LOCATION', details: { locations: ['Main Library', 'AVR Room'] } });
  });

  it('[PPL3] is refused to the inactive unless staff decide otherwise', async () => {
    await desk.run((unit) => updatePerson(unit, aya, { active: false }));
    await expect(enter(aya)).rejects.toMatchObject({ code: 'PERSON_INACTIVE' });
    expect((await enter(aya, { override: true, reason: 'comes for her papers' })).personId).toBe(aya);
  });

  it('[ATT2] of yesterday does not stand in the way, though the closing has not come by', async () => {
    await enter(aya);
    desk.clock.advance(24 * 3_600_000);
    await enter(aya);
    const visits = await desk.runner.db.selectFrom('visits').selectAll().orderBy('checkedInAt').execute();
    expect(visits.map(({ checkedOutAt, endedBy }) => [checkedOutAt, endedBy])).toEqual([['2025-10-14T09:00:00.000Z', 'CLOSING'], [null, null]]);
    expect((await openVisitOf(desk.runner.db, aya))?.localDate).toBe('2025-10-15');
  });
});
