import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EmergencyAlert } from '@clms/protocol';
import { checkIn, checkOutById } from '../src/domain/attendance.ts';
import { activeEmergencies, clearEmergency, raiseEmergency, tickRollCall } from '../src/domain/emergency.ts';
import { emergencyReport } from '../src/domain/emergency-report.ts';
import { present } from '../src/domain/present.ts';
import { acknowledge } from '../src/domain/receipts.ts';
import { ANA, KIOSK, openDesk, type Desk } from './desk.ts';
import { addPupil } from './holdings.ts';
import type { Actor } from '../src/domain/actor.ts';

const BEN: Actor = { kind: 'user', id: 'user_ben', name: 'Ben', role: 'STAFF', sessionId: 'session_ben' };
let desk: Desk;
let pupils: string[];
beforeEach(async () => {
  desk = await openDesk();
  pupils = [];
  for (const number of [1, 2, 3]) {
    const { id } = await addPupil(desk, number);
    pupils.push(id);
    await desk.run((unit) => checkIn(unit, { personId: id, location: number === 3 ? 'AVR Room' : 'Main Library' }));
  }
});
afterEach(() => desk.close());

const raise = () => desk.run((unit) => raiseEmergency(unit, { severity: 'CRITICAL', message: 'Fire. Leave by the main stairs.', location: 'avr room' }));
const alerts = () => desk.events.filter((event) => event.topic === 'emergency').map((event) => event.data as EmergencyAlert);

describe('an emergency', () => {
  it('[EMG1][EMG2] is told whole, with who is inside at that moment by place and name', async () => {
    const raised = await raise();
    expect(alerts()).toHaveLength(1);
    expect(raised).toMatchObject({ state: 'ACTIVE', location: 'AVR Room', raisedBy: 'Ana', counts: { inside: 3, safe: 0, missing: 0, unaccounted: 3 } });
    expect(raised.rollCall!.map(({ location, name }) => [location, name])).toEqual([['AVR Room', 'Cruz, Pupil 3'], ['Main Library', 'Cruz, Pupil 1'], ['Main Library', 'Cruz, Pupil 2']]);
    expect(await activeEmergencies(desk.runner.db)).toEqual([raised]);
  });

  it('[EMG2] keeps the list though somebody leaves, and adds nobody who comes after', async () => {
    const { id } = await raise();
    const visit = await desk.runner.db.selectFrom('visits').select('id').where('personId', '=', pupils[0]!).executeTakeFirstOrThrow();
    await desk.run((unit) => checkOutById(unit, visit.id));
    const late = await addPupil(desk, 4);
    await desk.run((unit) => checkIn(unit, { personId: late.id, location: 'Main Library' }));
    await expect(desk.run((unit) => tickRollCall(unit, id, late.id, 'SAFE'))).rejects.toMatchObject({ status: 404 });
    expect((await activeEmergencies(desk.runner.db))[0]!.counts!.inside).toBe(3);
  });

  it('[EMG2] takes the last of several wardens’ ticks and keeps all of them', async () => {
    const { id } = await raise();
    await desk.run((unit) => tickRollCall(unit, id, pupils[0]!, 'MISSING'));
    desk.clock.advance(1000);
    const ticked = await desk.run((unit) => tickRollCall(unit, id, pupils[0]!, 'SAFE'), BEN);
    expect(ticked.counts).toEqual({ inside: 3, safe: 1, missing: 0, unaccounted: 2 });
    expect(ticked.rollCall!.find((entry) => entry.personId === pupils[0])).toMatchObject({ state: 'SAFE', tickedBy: 'Ben' });
    expect((await emergencyReport(desk.runner.db, id)).ticks.map(({ state, tickedBy }) => [state, tickedBy])).toEqual([['MISSING', 'Ana'], ['SAFE', 'Ben']]);
    expect(alerts()).toHaveLength(3);
  });

  it('[EMG2] a tick that waited for the server counts from when it was made: what was found out since stays, and it is kept', async () => {
    const { id, raisedAt } = await raise();
    desk.clock.advance(60_000);
    const madeAt = new Date(desk.clock.now()).toISOString();
    desk.clock.advance(60_000);
    await desk.run((unit) => tickRollCall(unit, id, pupils[0]!, 'SAFE'), BEN);
    desk.clock.advance(60_000);
    const late = await desk.run((unit) => tickRollCall(unit, id, pupils[0]!, 'MISSING', madeAt));
    expect(late.rollCall!.find((entry) => entry.personId === pupils[0])).toMatchObject({ state: 'SAFE', tickedBy: 'Ben' });
    expect((await emergencyReport(desk.runner.db, id)).ticks.map(({ state, tickedAt }) => [state, tickedAt])).toContainEqual(['MISSING', madeAt]);
    // A computer whose clock is wrong cannot tick before the alarm or in the future.
    const entryOf = async (personId: string, tickedAt: string) => (await desk.run((unit) => tickRollCall(unit, id, personId, 'SAFE', tickedAt))).rollCall!.find((entry) => entry.personId === personId)!.tickedAt;
    expect(await entryOf(pupils[1]!, '2001-01-01T00:00:00.000Z')).toBe(raisedAt);
    expect(await entryOf(pupils[2]!, '2101-01-01T00:00:00.000Z')).toBe(new Date(desk.clock.now()).toISOString());
  });

  it('[EMG2] loses no tick when wardens tick at once', async () => {
    const { id } = await raise();
    await Promise.all(pupils.map((personId, index) => desk.run((unit) => tickRollCall(unit, id, personId, 'SAFE'), index % 2 ? BEN : ANA)));
    expect(alerts().at(-1)!.counts).toEqual({ inside: 3, safe: 3, missing: 0, unaccounted: 0 });
  });

  it('[EMG1] knows which screens showed it', async () => {
    const { id } = await raise();
    await desk.run((unit) => acknowledge(unit, id, 'seen'), KIOSK);
    expect((await emergencyReport(desk.runner.db, id)).confirmations).toMatchObject([{ recipient: 'device_door', state: 'seen', place: 'door' }]);
  });

  it('[EMG3] ends with one all-clear, is reported and audited', async () => {
    const { id } = await raise();
    expect(await desk.run((unit) => clearEmergency(unit, id), BEN)).toMatchObject({ state: 'ALL_CLEAR', clearedBy: 'Ben', version: 2 });
    await expect(desk.run((unit) => clearEmergency(unit, id))).rejects.toMatchObject({ code: 'ALREADY_CLEARED' });
    await expect(desk.run((unit) => tickRollCall(unit, id, pupils[0]!, 'SAFE'))).rejects.toMatchObject({ code: 'ALREADY_CLEARED' });
    expect(await activeEmergencies(desk.runner.db)).toEqual([]);
    const audit = await desk.runner.db.selectFrom('audit').select(['action', 'details']).where('entity', '=', 'emergency').execute();
    expect(audit.map(({ action }) => action)).toEqual(['EMERGENCY_RAISED', 'EMERGENCY_CLEARED']);
    expect(JSON.stringify(audit)).not.toContain('Cruz');
  });

  it('[TOP2] shows devices the instruction and nobody’s name', async () => {
    await raise();
    const shown = present('emergency_alert', alerts()[0], 'public');
    expect(shown).toMatchObject({ severity: 'CRITICAL', message: 'Fire. Leave by the main stairs.' });
    expect(JSON.stringify(shown)).not.toMatch(/Cruz|person_|Ana/);
  });
});
