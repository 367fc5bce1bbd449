import type { Equipment } from '@clms/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { updateEquipment } from '../src/domain/equipment.ts';
import { equipmentBoard } from '../src/domain/equipment-view.ts';
import { Refusal } from '../src/domain/refusal.ts';
import { meetDeadlines } from '../src/domain/session-deadlines.ts';
import { closeAllSessions, endSession, endSessionsOf, extendSession, startSession } from '../src/domain/sessions.ts';
import type { Unit } from '../src/domain/unit.ts';
import { emptyQueues, expireClaims, joinWaitingList, leaveWaitingList } from '../src/domain/waiting-list.ts';
import { openDesk, type Desk } from './desk.ts';
import { addItem, addPupil, MINUTE, told } from './holdings.ts';

/** One thing that happens at the desk. Numbers choose among the people, items, sessions and entries there are. */
type Step =
  | { readonly do: 'start'; readonly person: number; readonly item: number; readonly override: boolean }
  | { readonly do: 'end' | 'extend' | 'leave'; readonly which: number }
  | { readonly do: 'checkOut'; readonly person: number }
  | { readonly do: 'join'; readonly person: number; readonly item: number }
  | { readonly do: 'status'; readonly item: number; readonly status: 'AVAILABLE' | 'MAINTENANCE' }
  | { readonly do: 'wait'; readonly minutes: number }
  | { readonly do: 'closing' };

const small = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('start' as const), person: small, item: small, override: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('end' as const, 'extend' as const, 'leave' as const), which: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('checkOut' as const), person: small }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('join' as const), person: small, item: small }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('status' as const), item: small, status: fc.constantFrom('AVAILABLE' as const, 'MAINTENANCE' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 100 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('closing' as const) }) },
);

interface School {
  readonly desk: Desk;
  readonly items: readonly string[];
  readonly people: readonly string[];
}

async function openSchool(): Promise<School> {
  const desk = await openDesk();
  const items = [await addItem(desk, 'PC 1'), await addItem(desk, 'PC 2'), await addItem(desk, 'Study Room 1', { type: 'STUDY_ROOM', seats: 2 })];
  const people = await Promise.all([1, 2, 3, 4, 5].map((number) => addPupil(desk, number, number % 2 ? '9' : '2')));
  return { desk, items: items.map(({ id }) => id), people: people.map(({ id }) => id) };
}

const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];

/** Does a step; a refusal is an answer like any other. */
async function take({ desk, items, people }: School, taken: Step): Promise<void> {
  const { db } = desk.runner;
  const attempt = async (work: (unit: Unit) => Promise<unknown>): Promise<void> => {
    await desk.run(work).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
    });
  };
  switch (taken.do) {
    case 'start': return attempt((unit) => startSession(unit, { equipmentId: pick(items, taken.item)!, personId: pick(people, taken.person)!, override: taken.override, reason: 'a trial' }));
    case 'checkOut': return attempt((unit) => endSessionsOf(unit, pick(people, taken.person)!, 'CHECK_OUT'));
    case 'join': return attempt((unit) => joinWaitingList(unit, { type: taken.item % 3 === 2 ? 'STUDY_ROOM' : 'COMPUTER', personId: pick(people, taken.person)! }));
    case 'status': return attempt((unit) => updateEquipment(unit, pick(items, taken.item)!, { status: taken.status }));
    case 'leave': {
      const entry = pick(await db.selectFrom('waitingList').select('id').where('status', 'in', ['WAITING', 'CLAIMED']).orderBy('number').execute(), taken.which);
      return entry && attempt((unit) => leaveWaitingList(unit, entry.id));
    }
    case 'end':
    case 'extend': {
      const session = pick(await db.selectFrom('equipmentSessions').select('id').where('status', '=', 'ACTIVE').orderBy('id').execute(), taken.which);
      return session && attempt((unit) => (taken.do === 'end' ? endSession(unit, session.id) : extendSession(unit, session.id)));
    }
    case 'wait': {
      desk.clock.advance(taken.minutes * MINUTE);
      await desk.run(meetDeadlines);
      return desk.run(expireClaims);
    }
    case 'closing': {
      await desk.run((unit) => closeAllSessions(unit, 'CLOSING'));
      return desk.run(emptyQueues);
    }
  }
}

async function check({ desk }: School): Promise<void> {
  const { db } = desk.runner;
  const board = await equipmentBoard(db);
  for (const item of board) {
    const last = told<Equipment>(desk, 'equipment_update').findLast((event) => event.id === item.id);
    expect(last, `${item.name}: what was told last is what is`).toEqual(item);
    expect(item.sessions.length, `${item.name}: [EQP1] seats`).toBeLessThanOrEqual(item.seats);
    if (item.status !== 'AVAILABLE' && item.status !== 'IN_USE') expect(item.sessions, `${item.name}: [EQP6]`).toEqual([]);
  }
  const waiting = await db.selectFrom('waitingList').selectAll().where('status', '=', 'WAITING').orderBy('localDate').orderBy('number').execute();
  for (const entry of waiting) {
    const idle = board.filter((item) => item.type === entry.type && item.status === 'AVAILABLE' && item.sessions.length < item.seats && item.claimNumber === undefined);
    expect(idle.map((item) => item.name), `[EQP5] number ${entry.number} waits beside a free item`).toEqual([]);
  }
  const ended = await db.selectFrom('equipmentSessions').select(['startedAt', 'endedAt', 'endsAt', 'status']).execute();
  for (const { startedAt, endedAt, endsAt, status } of ended) {
    expect(endedAt === null).toBe(status === 'ACTIVE');
    expect((endedAt ?? endsAt)! >= startedAt && (endedAt ?? endsAt)! <= endsAt!, 'a session ends within its time').toBe(true);
  }
}

it('[EQP1–6] whatever happens, in whatever order: seats hold, nobody waits beside a free item, and what was told is what is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const school = await openSchool();
      try {
        for (const taken of steps) {
          await take(school, taken);
          await check(school);
        }
      } finally {
        await school.desk.close();
      }
    }),
    { numRuns: 40 },
  );
});
