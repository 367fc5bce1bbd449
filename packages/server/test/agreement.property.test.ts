import { METRICS, type Dashboard, type Metrics } from '@clms/protocol';
import type { Broker, NewEvent } from '@clms/realtime';
import { ManualClock } from '@clms/realtime/manual-clock';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TOPIC_REDUCERS } from '../../client/src/topic-reducers.ts';
import { activitiesOf } from '../src/domain/activities.ts';
import { activeEmergencies } from '../src/domain/emergency.ts';
import { equipmentBoard } from '../src/domain/equipment-view.ts';
import { localDate, toInstant } from '../src/domain/instant.ts';
import { noticeEntity } from '../src/domain/notices.ts';
import { dashboardRoutes } from '../src/http/routes/dashboard.ts';
import { allJobs } from '../src/jobs/all-jobs.ts';
import { JobRunner } from '../src/jobs/job-runner.ts';
import { StateFeed } from '../src/realtime/state-feed.ts';
import { dashboardSource } from '../src/realtime/state-sources.ts';
import { ANA, openDesk, type Desk } from './desk.ts';
import { stock, step, take, type School } from './desk-steps.ts';
import { MINUTE } from './holdings.ts';

const quiet = { info: () => undefined, error: () => undefined };

interface Watched extends School {
  /** The last `dashboard_update`. */
  told(): Dashboard | undefined;
  pass(minutes: number): Promise<void>;
  settle(): Promise<void>;
  close(): Promise<void>;
}

async function openWatched(): Promise<Watched> {
  const desk = await openDesk({ settings: { locations: [{ name: 'Main Library', capacity: 2 }, { name: 'AVR Room', capacity: 1 }] } });
  const failures: unknown[] = [];
  const fail = { error: (details: unknown) => void failures.push(details) };
  let last: Dashboard | undefined;
  const broker = { kind: 'memory', publish: async (events: readonly NewEvent[]) => { last = events.at(-1)!.data as Dashboard; return []; } } as unknown as Broker;
  // The machine stands still: states are paced by `settle`, jobs by what they name themselves.
  const machine = new ManualClock(0);
  const feed = new StateFeed(dashboardSource(desk.runner), broker, { machine, library: desk.clock }, fail);
  const jobs = new JobRunner(desk.runner, allJobs({ store: desk.runner.store, history: { size: 10_000, ttlMs: 24 * 60 * MINUTE }, backupFolder: '', log: quiet }).list, fail, machine);
  await jobs.start();
  const school = await stock(desk);
  const settle = async () => {
    await jobs.idle();
    await feed.settle();
    expect(failures).toEqual([]);
  };
  return {
    ...school,
    settle,
    told: () => last,
    pass: (minutes) => desk.clock.advanceAsync(minutes * MINUTE, settle),
    async close() {
      feed.close();
      await jobs.close();
      await desk.close();
    },
  };
}

/** The figures, counted from the rows by hand. */
async function counted({ runner, clock }: Desk): Promise<Metrics> {
  const { db, venue } = runner;
  const at = toInstant(clock.now());
  const visits = await db.selectFrom('visits').selectAll().execute();
  const sessions = (await db.selectFrom('equipmentSessions').selectAll().execute()).filter(({ status }) => status === 'ACTIVE');
  const loans = (await db.selectFrom('loans').selectAll().execute()).filter(({ returnedAt, lost }) => returnedAt === null && lost === 0);
  const waiting = (await db.selectFrom('waitingList').selectAll().execute()).filter(({ status }) => status === 'WAITING' || status === 'CLAIMED');
  const occupancy = visits.filter(({ checkedOutAt }) => checkedOutAt === null).length;
  return {
    totalStudents: occupancy,
    activeSessions: sessions.length,
    equipmentInUse: new Set(sessions.map(({ equipmentId }) => equipmentId)).size,
    booksBorrowed: loans.length,
    overdueItems: loans.filter(({ dueAt }) => dueAt < at).length,
    occupancy,
    capacity: venue.settings.locations.reduce((sum, { capacity }) => sum + capacity, 0),
    visitsToday: visits.filter((visit) => visit.localDate === localDate(clock.now(), venue.settings.timezone)).length,
    waiting: waiting.length,
  };
}

/** What the SDK's stores hold after all events, each by id. */
function stores({ events }: Desk) {
  const reduced = <T extends 'activities' | 'equipment' | 'emergency' | 'notifications'>(topic: T) => {
    const reducer = TOPIC_REDUCERS[topic];
    return events.filter((event) => event.topic === topic).reduce((state, event) => reducer.apply(state as never, event as never) as never, reducer.empty);
  };
  const byId = <E extends { readonly id: string }>(list: readonly E[]) => Object.fromEntries(list.map((entity) => [entity.id, entity]));
  return { activities: byId(reduced('activities')), equipment: byId([...reduced('equipment').values()]), emergency: byId(reduced('emergency')), notifications: byId(reduced('notifications')) };
}

async function check({ desk, told }: Watched): Promise<void> {
  const { db, venue } = desk.runner;
  const { timestamp: _asked, ...answered } = (await dashboardRoutes[0]!.handle({ db, venue, now: desk.clock.now(), actor: ANA } as never, {} as never)) as Dashboard;
  const { timestamp: _told, ...last } = told()!;
  expect(last, 'the last dashboard_update is what GET answers').toEqual(answered);
  expect(answered.metrics, 'GET answers what the rows say').toEqual(await counted(desk));
  expect(Object.keys(answered.metrics)).toEqual([...METRICS]);

  const held = stores(desk);
  expect(held.equipment, 'stations on screens').toEqual(Object.fromEntries((await equipmentBoard(db)).map((item) => [item.id, item])));
  const activities = await activitiesOf(db, { limit: 500 });
  // A person's class is told as it was; the list shows it as it is.
  const timeless = ({ section: _section, ...activity }: { section?: string }) => activity;
  expect(Object.values(held.activities).map(timeless).toSorted(byText), 'activities on screens').toEqual(activities.map(({ activity }) => timeless(activity)).toSorted(byText));
  const notices = await db.selectFrom('notices').selectAll().execute();
  expect(held.notifications, 'notices on screens').toEqual(Object.fromEntries(notices.map((row) => [row.id, noticeEntity(row)])));
  const active = (await activeEmergencies(db)).map(({ version: _version, createdAt: _createdAt, updatedAt: _updatedAt, ...alert }) => alert);
  expect(Object.values(held.emergency).filter(({ state }) => state === 'ACTIVE').toSorted(byText), 'emergencies on screens').toEqual(active.toSorted(byText));
}
const byText = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

it('[DSH1][ATT4][EQP6][CAL2] whatever happens, in whatever order: stores of clients, GET /api/dashboard, the last dashboard_update and the rows agree', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const school = await openWatched();
      try {
        for (const taken of steps) {
          if (taken.do === 'wait') await school.pass(taken.minutes);
          else await take(school, taken);
          await school.settle();
          await check(school);
        }
      } finally {
        await school.close();
      }
    }),
    { numRuns: 20 },
  );
}, 300_000);
