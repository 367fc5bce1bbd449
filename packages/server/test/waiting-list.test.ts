import type { Equipment } from '@clms/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { updateEquipment } from '../src/domain/equipment.ts';
import { boundOfStart } from '../src/domain/session-bounds.ts';
import { endSession, extendSession, startSession, type Session } from '../src/domain/sessions.ts';
import { emptyQueues, joinWaitingList, leaveWaitingList, waitingEntries } from '../src/domain/waiting-list.ts';
import { claims } from '../src/jobs/claims.ts';
import { openDesk, type Desk } from './desk.ts';
import { addItem, addPupil, MINUTE, startJobs, told } from './holdings.ts';

let desk: Desk;
let pc: Equipment;
let session: Session;
let waiting: string[];

/** One PC in use by pupil 0; pupils 1 to 3 are there. */
beforeEach(async () => {
  desk = await openDesk();
  pc = await addItem(desk, 'PC 1');
  const [user, ...others] = await Promise.all([0, 1, 2, 3].map((number) => addPupil(desk, number)));
  waiting = others.map((person) => person.id);
  session = await start(pc.id, user!.id);
});
afterEach(() => desk.close());

const start = (equipmentId: string, personId: string, override = false) => desk.run((unit) => startSession(unit, { equipmentId, personId, override, ...(override && { reason: 'a class needs it' }) }));
const join = (personId: string | undefined) => desk.run((unit) => joinWaitingList(unit, { type: 'computer', personId: personId! }));
const end = () => desk.run((unit) => endSession(unit, session.id));
const states = async () => (await desk.runner.db.selectFrom('waitingList').select(['number', 'status', 'equipmentId']).orderBy('number').execute()).map((row) => `${row.number} ${row.status}${row.equipmentId === pc.id ? ' PC 1' : ''}`);

describe('[EQP5] the waiting list', () => {
  it('gives numbers and places in order of coming, and tells how many wait', async () => {
    expect(await join(waiting[0])).toMatchObject({ number: 1, position: 1, status: 'WAITING', type: 'COMPUTER' });
    expect(await join(waiting[1])).toMatchObject({ number: 2, position: 2 });
    expect(told<Equipment>(desk, 'equipment_update').at(-1)).toMatchObject({ id: pc.id, waiting: 2 });
    await expect(join(waiting[0])).rejects.toMatchObject({ code: 'ALREADY_WAITING', details: { number: 1 } });
    expect(await waitingEntries(desk.runner.db)).toMatchObject([{ number: 1, studentName: 'Cruz, Pupil 1' }, { number: 2 }]);
  });

  it('refuses a type there is no item of, naming those there are', async () => {
    await expect(desk.run((unit) => joinWaitingList(unit, { type: 'BOAT', personId: waiting[0]! }))).rejects.toMatchObject({ status: 400, message: expect.stringContaining('COMPUTER') as unknown });
  });

  it('keeps an item that comes free for the first, for three minutes', async () => {
    await join(waiting[0]);
    await join(waiting[1]);
    const before = desk.events.length;
    await end();
    expect(await states()).toEqual(['1 CLAIMED PC 1', '2 WAITING']);
    expect(told<Equipment>(desk, 'equipment_update', before)).toMatchObject([{ status: 'AVAILABLE', waiting: 2, claimNumber: 1, claimUntil: '2025-10-14T02:33:00.000Z' }]);
  });

  it('keeps a free item at once for somebody who joins', async () => {
    await end();
    expect(await join(waiting[0])).toMatchObject({ status: 'CLAIMED', position: 1, claimUntil: '2025-10-14T02:33:00.000Z', equipmentId: pc.id });
  });

  it('lets nobody else start on it, and serves whom it is kept for', async () => {
    await join(waiting[0]);
    await end();
    await expect(start(pc.id, waiting[2]!)).rejects.toMatchObject({ code: 'CLAIMED_FOR_ANOTHER', details: { number: 1, claimUntil: '2025-10-14T02:33:00.000Z' } });
    await start(pc.id, waiting[0]!);
    expect(await states()).toEqual(['1 SERVED PC 1']);
  });

  it('[EQP2] shows before the start that an item is promised, and to whom it is not', async () => {
    await join(waiting[0]);
    await end();
    const moment = { db: desk.runner.db, now: desk.clock.now(), venue: desk.runner.venue };
    const bound = (id: string) => boundOfStart(moment, { id: pc.id, seats: 1, maxMinutes: null }, { id, gradeCategory: 'JUNIOR_HIGH' });
    expect(await bound(waiting[2]!)).toEqual({ minutes: 0, reason: 'RESERVATION' });
    expect(await bound(waiting[0]!)).toEqual({ minutes: 90, reason: 'CATEGORY' });
  });

  it('puts the first back in place when staff decide against the claim', async () => {
    await join(waiting[0]);
    await end();
    await start(pc.id, waiting[2]!, true);
    expect(await states()).toEqual(['1 WAITING']);
    expect(told<Equipment>(desk, 'equipment_update').at(-1)).toMatchObject({ status: 'IN_USE', waiting: 1 });
  });

  it('passes a claim that is not taken up to the next, by itself', async () => {
    const jobs = await startJobs(desk, claims);
    await join(waiting[0]);
    await join(waiting[1]);
    await end();
    await jobs.advance(3 * MINUTE);
    expect(await states()).toEqual(['1 EXPIRED PC 1', '2 CLAIMED PC 1']);
    await jobs.advance(3 * MINUTE);
    expect(await states()).toEqual(['1 EXPIRED PC 1', '2 EXPIRED PC 1']);
    await jobs.close();
    await start(pc.id, waiting[2]!);
  });

  it('passes on what somebody who leaves had', async () => {
    const first = await join(waiting[0]);
    await join(waiting[1]);
    await end();
    expect(await desk.run((unit) => leaveWaitingList(unit, first.id))).toMatchObject({ status: 'LEFT', position: null });
    expect(await states()).toEqual(['1 LEFT PC 1', '2 CLAIMED PC 1']);
  });

  it('[EQP6] skips items that are out of use, and takes their claims back', async () => {
    await desk.run((unit) => updateEquipment(unit, pc.id, { status: 'OUT_OF_ORDER' }));
    expect(await join(waiting[0])).toMatchObject({ status: 'WAITING' });
    await desk.run((unit) => updateEquipment(unit, pc.id, { status: 'AVAILABLE' }));
    expect(await states()).toEqual(['1 CLAIMED PC 1']);
    await desk.run((unit) => updateEquipment(unit, pc.id, { status: 'MAINTENANCE' }));
    expect(await states()).toEqual(['1 WAITING']);
  });

  it('[EQP4] stands against an extension', async () => {
    await join(waiting[0]);
    await expect(desk.run((unit) => extendSession(unit, session.id))).rejects.toMatchObject({ code: 'SOMEBODY_WAITS', details: { number: 1 } });
  });

  it('[CAL2] is empty after closing, and numbers begin anew the next day', async () => {
    await join(waiting[0]);
    await desk.run((unit) => emptyQueues(unit));
    expect(await states()).toEqual(['1 LEFT']);
    expect(told<Equipment>(desk, 'equipment_update').at(-1)).toMatchObject({ waiting: 0 });
    desk.clock.advance(24 * 60 * MINUTE);
    expect(await join(waiting[1])).toMatchObject({ number: 1 });
  });
});
