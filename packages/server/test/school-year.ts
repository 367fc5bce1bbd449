import { ManualClock } from '@clms/realtime/manual-clock';
import { Temporal } from 'temporal-polyfill';
import { joinWaitingList } from '../src/domain/waiting-list.ts';
import { borrow, returnLoan } from '../src/domain/loans.ts';
import { placeHold } from '../src/domain/holds.ts';
import { openLoanOfBook } from '../src/domain/loan-view.ts';
import { Refusal } from '../src/domain/refusal.ts';
import { scan } from '../src/domain/scans.ts';
import { endSession, extendSession, startSession } from '../src/domain/sessions.ts';
import type { Unit } from '../src/domain/unit.ts';
import { DEFAULT_CALENDAR, type Calendar, type Interval } from '../src/domain/venue.ts';
import { allJobs } from '../src/jobs/all-jobs.ts';
import { JobRunner } from '../src/jobs/job-runner.ts';
import { KIOSK, openDesk, type Desk } from './desk.ts';
import { addBook, addItem, addPupil, MINUTE } from './holdings.ts';

const HISTORY = { size: 10_000, ttlMs: 24 * 60 * MINUTE };
const quiet = { info: () => undefined, error: () => undefined };

export interface YearPlan {
  readonly zone: string;
  /** First and last day, YYYY-MM-DD. */
  readonly from: string;
  readonly to: string;
  readonly closed: readonly { readonly date: string; readonly yearly: boolean }[];
  /** Days with hours of their own: nights in which the clocks change, say. */
  readonly nights: readonly { readonly date: string; readonly hours: Interval[] }[];
  /** Days on which the server falls asleep so many minutes after opening, and wakes before the next opening. */
  readonly asleep: ReadonlyMap<string, number>;
}

export interface SchoolYear {
  readonly desk: Desk;
  readonly plan: YearPlan;
  /** Runs every day from opening to the next opening, and calls back after each. */
  live(afterDay: (date: string) => Promise<void>): Promise<void>;
  /** Lets so many days pass in which nobody comes. */
  rest(days: number): Promise<void>;
  close(): Promise<void>;
}

/** The wall clock of the zone as an instant, by the polyfill alone: the oracle must not ask the code under test. */
export function instantOf(date: string, time: string, zone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone, plainTime: time }).epochMilliseconds;
}

/** Hours of a day by the plan. */
export function hoursOf({ closed, nights }: YearPlan, date: string): readonly Interval[] {
  const night = nights.find((candidate) => candidate.date === date);
  if (night) return night.hours;
  if (closed.some((day) => day.date === date || (day.yearly && day.date.slice(5) === date.slice(5)))) return [];
  return Temporal.PlainDate.from(date).dayOfWeek <= 5 ? [{ open: '07:30', close: '17:00' }] : [];
}

export const nextDate = (date: string): string => Temporal.PlainDate.from(date).add({ days: 1 }).toString();

/** A library that lives through a year of days, each the same by its number, on a clock of its own. */
export async function openSchoolYear(plan: YearPlan): Promise<SchoolYear> {
  const calendar: Calendar = {
    ...DEFAULT_CALENDAR,
    closedDays: plan.closed.map((day) => ({ ...day, reason: 'holiday' })),
    exceptions: plan.nights.map((night) => ({ ...night, reason: 'night' })),
  };
  const start = instantOf(plan.from, '05:00', plan.zone);
  const desk = await openDesk({ at: new Date(start).toISOString(), timezone: plan.zone, calendar });
  const { clock } = desk;
  const jobs = allJobs({ store: desk.runner.store, history: HISTORY, backupFolder: '', log: quiet });
  const failures: unknown[] = [];
  // The machine's clock stands still: only what the jobs themselves name may wake them.
  const wake = () => new JobRunner(desk.runner, jobs.list, { error: (details) => void failures.push(details) }, new ManualClock(0));
  let runner = wake();
  await runner.start();

  const people = await Promise.all(['9', '2', '8', '11'].map((grade, index) => addPupil(desk, index + 1, grade)));
  const [aya, ben, cas, dan] = people.map(({ id }) => id) as [string, string, string, string];
  const pc = (await addItem(desk, 'PC 1')).id;
  const console_ = (await addItem(desk, 'Console 1', { type: 'GAMING_CONSOLE' })).id;
  const fiction = (await addBook(desk, 'A1')).id;
  const thesis = (await addBook(desk, 'B1', { title: 'A thesis', collectionCode: 'TR' })).id;

  /** Does something at the desk; a rule that says no is an answer. */
  const attempt = (work: (unit: Unit) => Promise<unknown>) =>
    desk.run(work).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
    });
  const card = (index: number) => desk.run((unit) => scan(unit, { barcode: people[index]!.barcode, station: 'door' }), KIOSK);
  const sessionOf = (personId: string) => desk.runner.db.selectFrom('equipmentSessions').select('id').where('personId', '=', personId).where('status', '=', 'ACTIVE').executeTakeFirst();
  const giveBack = async (bookId: string) => {
    const loan = await openLoanOfBook(desk.runner.db, bookId);
    if (loan) await attempt((unit) => returnLoan(unit, loan));
  };

  /** What happens on the day with this number, by minutes after opening. Every other day is a quiet one. */
  const programme = (day: number): readonly (readonly [number, () => Promise<unknown>])[] => [
    [5, async () => { for (const index of day % 2 === 0 ? [0, 1, 2, 3] : [0, 1]) await card(index); }],
    [10, async () => {
      if (day % 2 === 0) await attempt((unit) => startSession(unit, { equipmentId: pc, personId: aya }));
    }],
    [11, async () => {
      if (day % 2 === 0) await attempt((unit) => startSession(unit, { equipmentId: console_, personId: ben, minutes: 20 }));
    }],
    [12, () => (day % 6 === 0 ? attempt((unit) => joinWaitingList(unit, { type: 'COMPUTER', personId: cas })) : Promise.resolve())],
    [14, () => (day % 10 === 0 ? attempt((unit) => borrow(unit, { bookId: fiction, personId: aya })) : day % 10 === 2 ? attempt((unit) => placeHold(unit, { bookId: fiction, personId: cas })) : Promise.resolve())],
    [15, () => (day === 12 ? attempt((unit) => borrow(unit, { bookId: thesis, personId: dan })) : day === 60 ? giveBack(thesis) : Promise.resolve())],
    [16, async () => {
      if (day % 10 === 6) await giveBack(fiction);
      if (day % 20 === 8) await attempt((unit) => borrow(unit, { bookId: fiction, personId: cas }));
      if (day % 20 === 9) await giveBack(fiction);
    }],
    [25, async () => {
      const session = day % 6 === 0 ? await sessionOf(aya) : undefined;
      if (session) await attempt((unit) => endSession(unit, session.id));
    }],
    [26, () => (day % 12 === 0 ? attempt((unit) => startSession(unit, { equipmentId: pc, personId: cas })) : Promise.resolve())],
    [40, async () => {
      const session = day % 7 === 1 ? await sessionOf(aya) : undefined;
      if (session) await attempt((unit) => extendSession(unit, session.id));
    }],
    [60, () => card(1)],
    [61, () => (day % 4 === 0 ? card(0) : Promise.resolve())],
    [110, () => (day % 10 === 2 ? attempt((unit) => startSession(unit, { equipmentId: pc, personId: aya })) : Promise.resolve())],
  ];

  const settle = async () => {
    await runner.idle();
    if (failures.length > 0) throw new Error(`a job failed: ${JSON.stringify(failures, (_key, value: unknown) => (value instanceof Error ? value.message : value))}`);
  };
  const passTo = async (ms: number) => {
    if (ms > clock.now()) await clock.advanceAsync(ms - clock.now(), settle);
  };

  async function day(date: string, number: number): Promise<void> {
    const opensMs = instantOf(date, hoursOf(plan, date)[0]!.open, plan.zone);
    const sleepsAt = plan.asleep.get(date) ?? Infinity;
    for (const [minute, work] of programme(number)) {
      if (minute > sleepsAt) break;
      await passTo(opensMs + minute * MINUTE);
      await work();
      await settle();
    }
    if (sleepsAt === Infinity) return;
    await passTo(opensMs + sleepsAt * MINUTE);
    await runner.close();
    clock.advance(instantOf(nextDate(date), '05:00', plan.zone) - clock.now());
    runner = wake();
    await runner.start();
    await settle();
  }

  return {
    desk,
    plan,
    async live(afterDay) {
      let number = 0;
      for (let date = plan.from; date <= plan.to; date = nextDate(date)) {
        if (hoursOf(plan, date).length > 0) await day(date, number++);
        await passTo(instantOf(nextDate(date), '00:05', plan.zone));
        // What a minute of the machine's clock would make it look at: the announcements of a day on which nothing was committed yet.
        runner.wake();
        await settle();
        await afterDay(date);
      }
    },
    rest: (days) => passTo(clock.now() + days * 24 * 60 * MINUTE),
    async close() {
      await runner.close();
      await desk.close();
    },
  };
}
