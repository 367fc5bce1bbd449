import type { Activity, Equipment } from '@clms/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { updateEquipment } from '../src/domain/equipment.ts';
import type { Refusal } from '../src/domain/refusal.ts';
import { boundOfStart } from '../src/domain/session-bounds.ts';
import { closeAllSessions, endSession, endSessionsOf, extendSession, startSession, type SessionStart } from '../src/domain/sessions.ts';
import { openDesk, type Desk } from './desk.ts';
import { addItem, addPupil, addTeacher, MINUTE, told } from './holdings.ts';

let desk: Desk;
beforeEach(async () => void (desk = await openDesk()));
afterEach(() => desk.close());

const start = (equipmentId: string, personId: string, more: Partial<SessionStart> = {}) => desk.run((unit) => startSession(unit, { equipmentId, personId, ...more }));
const end = (id: string) => desk.run((unit) => endSession(unit, id));
const extend = (id: string, minutes?: number) => desk.run((unit) => extendSession(unit, id, minutes));
const minutesOf = (session: { startedAt: string; endsAt: string | null }) => (Date.parse(session.endsAt!) - Date.parse(session.startedAt)) / MINUTE;
const refusal = (code: string, details?: Record<string, unknown>) => ({ status: 409, code, ...(details && { details: expect.objectContaining(details) as unknown }) });

describe('starting a session', () => {
  it.each([
    ['2', 30, 'CATEGORY'], ['5', 60, 'CATEGORY'], ['9', 90, 'CATEGORY'], ['12', 120, 'CATEGORY'],
  ])('[EQP2] gives grade %s %i minutes', async (grade, minutes, reason) => {
    const [pc, pupil] = [await addItem(desk, 'PC 1'), await addPupil(desk, 1, grade)];
    const session = await start(pc.id, pupil.id);
    expect(session).toMatchObject({ equipmentId: pc.id, studentId: pupil.id, status: 'ACTIVE', extensions: 0, bound: { minutes, reason } });
    expect(minutesOf(session)).toBe(minutes);
  });

  it('[EQP2] gives personnel what the day has left', async () => {
    const [pc, teacher] = [await addItem(desk, 'PC 1'), await addTeacher(desk)];
    expect((await start(pc.id, teacher.id)).bound).toEqual({ minutes: 180, reason: 'DAILY' });
  });

  it('[EQP2] gives less when asked for less, never more than the bound', async () => {
    const [one, two] = [await addItem(desk, 'PC 1'), await addItem(desk, 'PC 2')];
    expect(minutesOf(await start(one.id, (await addPupil(desk, 1)).id, { minutes: 20 }))).toBe(20);
    expect(minutesOf(await start(two.id, (await addPupil(desk, 2)).id, { minutes: 600 }))).toBe(90);
  });

  it('[EQP2] stops at the item’s limit and at closing in the venue’s zone', async () => {
    const [console, pc] = [await addItem(desk, 'PS 4', { type: 'GAMING_CONSOLE', maxMinutes: 45 }), await addItem(desk, 'PC 1')];
    expect((await start(console.id, (await addPupil(desk, 1)).id)).bound).toEqual({ minutes: 45, reason: 'ITEM' });
    desk.clock.advance((6 * 60 + 5) * MINUTE); // 16:35 in Manila
    expect((await start(pc.id, (await addPupil(desk, 2)).id)).bound).toEqual({ minutes: 25, reason: 'CLOSING' });
  });

  it('[EQP2] [EQP4] ends at closing itself when that is what cuts it short, at whatever second it began', async () => {
    const [pc, other, pupil] = [await addItem(desk, 'PC 1'), await addItem(desk, 'PC 2'), await addPupil(desk, 1)];
    desk.clock.advance((6 * 60 + 5) * MINUTE + 20_250); // 16:35:20.250 in Manila
    const cut = await start(pc.id, pupil.id);
    expect([cut.endsAt, cut.bound]).toEqual(['2025-10-14T09:00:00.000Z', { minutes: 24, reason: 'CLOSING' }]);
    const short = await start(other.id, (await addPupil(desk, 2)).id, { minutes: 15 });
    expect(minutesOf(short)).toBe(15);
    const longer = await extend(short.id);
    expect([longer.endsAt, longer.bound]).toEqual(['2025-10-14T09:00:00.000Z', { minutes: 9, reason: 'CLOSING' }]);
  });

  it('[EQP2] is refused when the library closes within the minute, unless staff decide', async () => {
    const [pc, pupil] = [await addItem(desk, 'PC 1'), await addPupil(desk, 1)];
    desk.clock.advance((6 * 60 + 29) * MINUTE + 1000); // 16:59:01
    await expect(start(pc.id, pupil.id)).rejects.toMatchObject(refusal('CLOSED', { bound: { minutes: 0, reason: 'CLOSING' } }));
    expect((await start(pc.id, pupil.id, { override: true, reason: 'Open evening' })).bound).toEqual({ minutes: 90, reason: 'CATEGORY' });
  });

  it('[EQP2] is possible outside of opening hours', async () => {
    desk.clock.advance(14 * 60 * MINUTE); // half past midnight
    expect((await start((await addItem(desk, 'PC 1')).id, (await addPupil(desk, 1)).id)).bound.reason).toBe('CATEGORY');
  });

  it('[EQP2] counts all minutes of the local date, and grants none twice', async () => {
    const [pc, pupil] = [await addItem(desk, 'PC 1'), await addPupil(desk, 1)];
    await start(pc.id, pupil.id); // 90
    desk.clock.advance(30 * MINUTE);
    expect(await boundOfStart({ db: desk.runner.db, now: desk.clock.now(), venue: desk.runner.venue }, pc, pupil)).toEqual({ minutes: 90, reason: 'CATEGORY' });
    desk.clock.advance(60 * MINUTE);
    const second = await start(pc.id, pupil.id); // the first is over, 90 more
    desk.clock.advance(80 * MINUTE);
    await end(second.id);
    expect((await start(pc.id, pupil.id)).bound).toEqual({ minutes: 10, reason: 'DAILY' });
    desk.clock.advance(10 * MINUTE);
    await expect(start(pc.id, pupil.id)).rejects.toMatchObject(refusal('DAILY_LIMIT', { bound: { minutes: 0, reason: 'DAILY' } }));
    expect((await start(pc.id, pupil.id, { override: true, reason: 'Contest' })).bound).toEqual({ minutes: 90, reason: 'CATEGORY' });
    desk.clock.advance(14 * 60 * MINUTE); // the next day
    expect((await start(pc.id, pupil.id)).bound).toEqual({ minutes: 90, reason: 'CATEGORY' });
  });

  it('[EQP1] in 100 parallel starts as many win as there are seats; the others are told who has it', async () => {
    const room = await addItem(desk, 'Study Room 1', { type: 'STUDY_ROOM', seats: 4 });
    const pupils = await Promise.all(Array.from({ length: 100 }, (_, index) => addPupil(desk, index)));
    const results = await Promise.allSettled(pupils.map((pupil) => start(room.id, pupil.id)));
    const winners = results.filter((result) => result.status === 'fulfilled').map((result) => result.value.id);
    expect(winners).toHaveLength(4);
    for (const result of results) {
      if (result.status === 'rejected') {
        expect((result.reason as Refusal).code).toBe('SEAT_TAKEN');
        expect(winners).toContain((result.reason as Refusal).details?.sessionId);
      }
    }
  });

  it('[EQP1] gives a person one session, and says where it runs', async () => {
    const [one, two, pupil] = [await addItem(desk, 'PC 1'), await addItem(desk, 'PC 2'), await addPupil(desk, 1)];
    const first = await start(one.id, pupil.id);
    await expect(start(two.id, pupil.id)).rejects.toMatchObject(refusal('PERSON_HAS_SESSION', { sessionId: first.id, equipmentId: one.id }));
    const moved = await start(two.id, pupil.id, { override: true, reason: 'PC 1 hangs' });
    expect(await desk.runner.db.selectFrom('equipmentSessions').select(['id', 'status']).orderBy('startedAt').orderBy('status').execute()).toEqual(
      expect.arrayContaining([{ id: first.id, status: 'TERMINATED' }, { id: moved.id, status: 'ACTIVE' }]),
    );
    expect(await desk.runner.db.selectFrom('audit').select(['action', 'details']).where('action', '=', 'SESSION_OVERRIDE').execute()).toEqual([
      { action: 'SESSION_OVERRIDE', details: '{"overruled":["PERSON_HAS_SESSION"],"reason":"PC 1 hangs"}' },
    ]);
  });

  it('[EQP1] staff can end an abandoned session by starting the next', async () => {
    const pc = await addItem(desk, 'PC 1');
    const left = await start(pc.id, (await addPupil(desk, 1)).id);
    const next = await addPupil(desk, 2);
    await expect(start(pc.id, next.id)).rejects.toMatchObject(refusal('SEAT_TAKEN', { sessionId: left.id, studentName: 'Cruz, Pupil 1' }));
    expect((await start(pc.id, next.id, { override: true, reason: 'left behind' })).studentId).toBe(next.id);
  });

  it('[EQP6] is refused on an item that is out of use, and for a person who is not active', async () => {
    const [pc, pupil] = [await addItem(desk, 'PC 1', { status: 'MAINTENANCE', reason: 'New disk' }), await addPupil(desk, 1)];
    await expect(start(pc.id, pupil.id)).rejects.toMatchObject(refusal('EQUIPMENT_UNAVAILABLE', { status: 'MAINTENANCE', reason: 'New disk' }));
    await desk.run((unit) => unit.db.updateTable('people').set({ active: 0 }).where('id', '=', pupil.id).execute());
    await expect(start((await addItem(desk, 'PC 2')).id, pupil.id)).rejects.toMatchObject(refusal('PERSON_INACTIVE'));
  });

  it('tells the item and the activity once each, the item whole', async () => {
    const [pc, pupil] = [await addItem(desk, 'PC 1'), await addPupil(desk, 1)];
    const before = desk.events.length;
    const session = await start(pc.id, pupil.id);
    expect(told<Equipment>(desk, 'equipment_update', before)).toEqual([
      expect.objectContaining({ id: pc.id, status: 'IN_USE', currentUserId: pupil.id, currentUserName: 'Cruz, Pupil 1', sessionStartTime: session.startedAt, sessionDuration: 5400, endsAt: session.endsAt, waiting: 0 }),
    ]);
    expect(told<Activity>(desk, 'activity_update', before)).toMatchObject([{ activityType: 'EQUIPMENT_USE', equipmentId: pc.id, studentId: pupil.id, metadata: { event: 'START' } }]);
    expect(desk.events.slice(before)).toHaveLength(2);
  });

  it('leaves a room with a free chair AVAILABLE', async () => {
    const room = await addItem(desk, 'Study Room 1', { type: 'study room', seats: 2 });
    await start(room.id, (await addPupil(desk, 1)).id);
    expect(told<Equipment>(desk, 'equipment_update').at(-1)).toMatchObject({ type: 'STUDY_ROOM', status: 'AVAILABLE', sessions: [{}] });
    await start(room.id, (await addPupil(desk, 2)).id);
    expect(told<Equipment>(desk, 'equipment_update').at(-1)).toMatchObject({ status: 'IN_USE', sessions: [{}, {}] });
  });
});

describe('extending a session', () => {
  it('[EQP4] adds 15 minutes, twice, beyond the category’s limit', async () => {
    const session = await start((await addItem(desk, 'PC 1')).id, (await addPupil(desk, 1)).id);
    expect(minutesOf(await extend(session.id))).toBe(105);
    const second = await extend(session.id);
    expect(second).toMatchObject({ extensions: 2, bound: { minutes: 15, reason: 'EXTENSION' } });
    expect(minutesOf(second)).toBe(120);
    await expect(extend(session.id)).rejects.toMatchObject(refusal('EXTENSION_LIMIT', { extensions: 2, maxExtensions: 2 }));
  });

  it('[EQP4] never passes closing, the item’s limit or the day’s budget', async () => {
    const [limited, open] = [await addItem(desk, 'PS 4', { maxMinutes: 40 }), await addItem(desk, 'PC 1')];
    const atLimit = await start(limited.id, (await addPupil(desk, 1, '2')).id); // 30 of 40
    expect((await extend(atLimit.id)).bound).toEqual({ minutes: 10, reason: 'ITEM' });
    const teacher = await start(open.id, (await addTeacher(desk)).id); // all of 180
    await expect(extend(teacher.id)).rejects.toMatchObject(refusal('DAILY_LIMIT'));
    await desk.run((unit) => endSession(unit, teacher.id));
    desk.clock.advance((4 * 60 + 52) * MINUTE); // 15:22; 90 min end at 16:52
    const late = await start(open.id, (await addPupil(desk, 3)).id);
    const extended = await extend(late.id);
    expect(extended).toMatchObject({ endsAt: '2025-10-14T09:00:00.000Z', bound: { minutes: 8, reason: 'CLOSING' } });
    await expect(extend(late.id)).rejects.toMatchObject(refusal('CLOSED'));
  });

  it('[EQP4] is refused once the session is over', async () => {
    const session = await start((await addItem(desk, 'PC 1')).id, (await addPupil(desk, 1)).id);
    desk.clock.advance(90 * MINUTE);
    await expect(extend(session.id)).rejects.toMatchObject(refusal('SESSION_ENDED'));
  });
});

describe('ending a session', () => {
  it('[EQP3] by hand writes the duration and frees the item', async () => {
    const session = await start((await addItem(desk, 'PC 1')).id, (await addPupil(desk, 1)).id);
    desk.clock.advance(12 * MINUTE);
    const before = desk.events.length;
    expect(await end(session.id)).toMatchObject({ status: 'COMPLETED', endedAt: '2025-10-14T02:42:00.000Z', endReason: 'ENDED' });
    expect(told<Activity>(desk, 'activity_update', before)).toMatchObject([{ activityType: 'EQUIPMENT_USE', duration: 720, metadata: { event: 'END', reason: 'ENDED' } }]);
    expect(told<Equipment>(desk, 'equipment_update', before)).toMatchObject([{ status: 'AVAILABLE', sessions: [] }]);
    await expect(end(session.id)).rejects.toMatchObject(refusal('SESSION_ENDED'));
  });

  it('[EQP6] comes with maintenance, with its reason', async () => {
    const pc = await addItem(desk, 'PC 1');
    await start(pc.id, (await addPupil(desk, 1)).id);
    const before = desk.events.length;
    const item = await desk.run((unit) => updateEquipment(unit, pc.id, { status: 'MAINTENANCE', reason: 'Smoke' }));
    expect(item).toMatchObject({ status: 'MAINTENANCE', statusReason: 'Smoke', sessions: [], version: 2 });
    expect(await desk.runner.db.selectFrom('equipmentSessions').select(['status', 'endReason']).execute()).toEqual([{ status: 'TERMINATED', endReason: 'Smoke' }]);
    expect(told(desk, 'equipment_update', before)).toHaveLength(1);
    desk.clock.advance(MINUTE);
    expect(await desk.run((unit) => updateEquipment(unit, pc.id, { status: 'AVAILABLE' }))).toMatchObject({ status: 'AVAILABLE', lastMaintenance: '2025-10-14T02:31:00.000Z' });
  });

  it('[EQP6] comes when the person leaves, and [CAL2] to all at closing', async () => {
    const [one, two] = [await addPupil(desk, 1), await addPupil(desk, 2)];
    await start((await addItem(desk, 'PC 1')).id, one.id);
    await start((await addItem(desk, 'PC 2')).id, two.id);
    await desk.run((unit) => endSessionsOf(unit, one.id, 'CHECK_OUT'));
    await desk.run((unit) => closeAllSessions(unit, 'CLOSING'));
    expect(await desk.runner.db.selectFrom('equipmentSessions').select(['personId', 'status', 'endReason']).orderBy('endReason').execute()).toEqual([
      { personId: one.id, status: 'COMPLETED', endReason: 'CHECK_OUT' },
      { personId: two.id, status: 'TERMINATED', endReason: 'CLOSING' },
    ]);
  });
});

describe('changing an item', () => {
  it('refuses a status that follows from sessions, a taken name, a taken barcode and a stale form', async () => {
    const pc = await addItem(desk, 'PC 1', { barcode: 'EQ-1' });
    await expect(desk.run((unit) => updateEquipment(unit, pc.id, { status: 'OUT_OF_ORDER' }, 7))).rejects.toMatchObject({ status: 412 });
    await expect(addItem(desk, 'pc 1')).rejects.toMatchObject(refusal('NAME_TAKEN', { id: pc.id }));
    await expect(addItem(desk, 'PC 2', { barcode: '*eq-1*' })).rejects.toMatchObject(refusal('BARCODE_TAKEN', { id: pc.id }));
    await expect(addItem(desk, 'PC 3', { status: 'IN_USE' })).rejects.toMatchObject({ status: 400 });
  });
});
