import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { instantAt, localDate, localHour } from '../src/domain/instant.ts';
import type { Desk } from './desk.ts';
import { MINUTE } from './holdings.ts';
import { hoursOf, instantOf, nextDate, openSchoolYear, type SchoolYear, type YearPlan } from './school-year.ts';

const LONG = 300_000;
const HOLIDAYS = [{ date: '2027-11-25', yearly: false }, { date: '2027-12-25', yearly: true }, { date: '2028-01-01', yearly: true }, { date: '2027-12-27', yearly: false }, { date: '2027-12-28', yearly: false }];
/** Nights around 2 o'clock: the clocks change while the library is open. */
const night = (date: string) => ({ date, hours: [{ open: '00:30', close: '04:30' }] });

const YEARS: readonly YearPlan[] = [
  {
    zone: 'America/New_York', from: '2027-08-30', to: '2028-08-25', closed: [...HOLIDAYS, { date: '2028-02-29', yearly: true }], nights: [night('2027-11-07'), night('2028-03-12')],
    // Over the end of a claim (the item is freed at minute 25), over a session's end, over closing, before a weekend, over a year's end.
    asleep: new Map([['2027-09-07', 25.5], ['2027-09-15', 30.5], ['2027-10-08', 115], ['2027-12-31', 62], ['2028-03-12', 100], ['2028-06-16', 115]]),
  },
  { zone: 'Australia/Lord_Howe', from: '2027-09-20', to: '2027-10-15', closed: [], nights: [night('2027-10-03')], asleep: new Map([['2027-10-01', 62]]) },
  { zone: 'Australia/Lord_Howe', from: '2028-02-21', to: '2028-04-14', closed: [], nights: [night('2028-04-02'), night('2028-02-29')], asleep: new Map([['2028-04-02', 61.5], ['2028-04-05', 26.5]]) },
];

const iso = (ms: number): string => new Date(ms).toISOString();
const dateOf = (instant: string, zone: string): string => Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString();

/** Closing of a day by the plan, in epoch milliseconds. */
function closingOf(plan: YearPlan, date: string): number {
  return instantOf(date, hoursOf(plan, date).at(-1)!.close, plan.zone);
}
function openDayAfter(plan: YearPlan, date: string, count = 1): string {
  let day = date;
  for (let left = count; left > 0; left -= hoursOf(plan, day).length > 0 ? 1 : 0) day = nextDate(day);
  return day;
}

/** [ATT2][CAL2] Nobody is left in the evening. */
async function checkEvening({ desk }: SchoolYear, date: string): Promise<void> {
  const { db } = desk.runner;
  const open = await db.selectFrom('visits').select('id').where('checkedOutAt', 'is', null).execute();
  const running = await db.selectFrom('equipmentSessions').select('id').where('status', '=', 'ACTIVE').execute();
  const waiting = await db.selectFrom('waitingList').select('id').where('status', 'in', ['WAITING', 'CLAIMED']).execute();
  expect({ open, running, waiting }, `the evening of ${date}`).toEqual({ open: [], running: [], waiting: [] });
}

/** [ATT2][ATT4] Each visit ended once, by its card or at its day's closing, and was told in and out once. */
async function checkVisits({ desk, plan }: SchoolYear): Promise<void> {
  const { db } = desk.runner;
  const visits = Map.groupBy(await db.selectFrom('visits').selectAll().execute(), ({ localDate: date }) => date);
  const activities = Map.groupBy(await db.selectFrom('activities').select(['type', 'metadata', 'localDate']).where('type', 'in', ['CHECK_IN', 'CHECK_OUT']).execute(), ({ localDate: date }) => date);
  for (let date = plan.from; date <= plan.to; date = nextDate(date)) {
    const today = visits.get(date) ?? [];
    expect(today.length > 0, `[CAL1] visits of ${date}`).toBe(hoursOf(plan, date).length > 0);
    for (const { checkedOutAt, endedBy } of today) {
      const closesAt = iso(closingOf(plan, date));
      if (endedBy === 'CLOSING') expect(checkedOutAt).toBe(closesAt);
      else expect(checkedOutAt! <= closesAt).toBe(true);
    }
    const of = (type: string) => (activities.get(date) ?? []).filter((activity) => activity.type === type).map(({ metadata }) => (JSON.parse(metadata!) as { visitId: string }).visitId).toSorted();
    expect(of('CHECK_IN'), `[ATT4] ways in of ${date}`).toEqual(today.map(({ id }) => id).toSorted());
    expect(of('CHECK_OUT'), `[ATT4] ways out of ${date}`).toEqual(of('CHECK_IN'));
  }
}

/** [EQP2][EQP3] Minutes of a day stay within the budget, no session passes closing, and each granted end was announced once. */
async function checkSessions({ desk, plan }: SchoolYear): Promise<void> {
  const sessions = await desk.runner.db.selectFrom('equipmentSessions').selectAll().execute();
  expect([...new Set(sessions.map(({ status }) => status))].toSorted()).toEqual(['COMPLETED', 'EXPIRED']);
  const warnings = Map.groupBy(await desk.runner.db.selectFrom('notices').select(['causeKey', 'count', 'createdAt']).where('causeKey', 'like', 'TIME_LIMIT_WARNING:%').execute(), ({ causeKey }) => causeKey!.slice(0, causeKey!.lastIndexOf(':')));
  const used = new Map<string, number>();
  for (const { id, personId, localDate: date, startedAt, endedAt, endsAt, extensions } of sessions) {
    const day = `${personId} ${date}`;
    used.set(day, (used.get(day) ?? 0) + (Date.parse(endedAt!) - Date.parse(startedAt)) / MINUTE);
    expect(used.get(day), `[EQP2] minutes of ${date}`).toBeLessThanOrEqual(180);
    expect(Date.parse(endedAt!)).toBeLessThanOrEqual(Math.min(closingOf(plan, date), Date.parse(endsAt!)));
    const asleepFrom = plan.asleep.has(date) ? instantOf(date, hoursOf(plan, date)[0]!.open, plan.zone) + plan.asleep.get(date)! * MINUTE : Infinity;
    const told = (warnings.get(`TIME_LIMIT_WARNING:${id}:${endsAt}`) ?? []).map(({ causeKey, count, createdAt }) => `${causeKey!.split(':').at(-1)} min at ${createdAt}, ${count} times`);
    const wanted = [10, 5, 1]
      .map((minutes) => ({ minutes, at: Date.parse(endsAt!) - minutes * MINUTE }))
      .filter(({ at }) => at > Date.parse(startedAt) && at < Date.parse(endedAt!) && at < asleepFrom)
      .map(({ minutes, at }) => `${minutes} min at ${iso(at)}, 1 times`);
    // An extension takes warnings that would lie in its past as given.
    if (extensions > 0) expect(wanted, `[EQP3] ${id}`).toEqual(expect.arrayContaining(told));
    else expect(told, `[EQP3] warnings of ${id} on ${date}`).toEqual(wanted);
  }
}

/** [CIR3][CIR5][CIR6] What is due, kept and asked for lies where the calendar says. */
async function checkCirculation({ desk, plan }: SchoolYear): Promise<void> {
  const { db } = desk.runner;
  const { zone } = plan;
  const loans = await db.selectFrom('loans').selectAll().execute();
  expect(loans.length).toBeGreaterThan(0);
  for (const loan of loans) {
    const due = Temporal.Instant.from(loan.dueAt).toZonedDateTimeISO(zone);
    expect(due.toPlainTime().toString(), '[CIR3]').toBe('23:59:00');
    expect(hoursOf(plan, due.toPlainDate().toString()).length, `[CIR3] ${due.toString()} is an open day`).toBeGreaterThan(0);
    const notices = await db.selectFrom('notices').select('createdAt').where('causeKey', 'like', `OVERDUE:${loan.id}:%`).orderBy('createdAt').execute();
    const wanted: string[] = [];
    let day = openDayAfter(plan, dateOf(loan.dueAt, zone));
    const until = loan.returnedAt ?? iso(desk.clock.now());
    for (let at = iso(instantOf(day, hoursOf(plan, day)[0]!.open, zone)); at <= until; at = iso(instantOf(day, hoursOf(plan, day)[0]!.open, zone))) {
      wanted.push(at);
      day = openDayAfter(plan, Temporal.PlainDate.from(day).add({ days: 6 }).toString());
    }
    const slept = [...plan.asleep.keys()].some((date) => wanted.some((at) => dateOf(at, zone) === nextDate(date)));
    if (!slept) expect(notices.map(({ createdAt }) => createdAt), `[CIR6] reminders of a loan due ${loan.dueAt}`).toEqual(wanted);
  }
  for (const hold of await db.selectFrom('holds').selectAll().where('readyAt', 'is not', null).execute()) {
    const last = openDayAfter(plan, dateOf(hold.readyAt!, zone), 3);
    expect(hold.readyUntil, '[CIR5] kept for three open days').toBe(iso(instantOf(last, '23:59', zone)));
    if (hold.status === 'EXPIRED') expect(hold.updatedAt > hold.readyUntil!, '[CIR5]').toBe(true);
  }
}

/** Announcements per closing by its instant [CAL2]. */
function checkAnnouncements({ desk, plan }: SchoolYear): void {
  const told = new Map<string, number>();
  for (const event of desk.events) {
    if (event.type !== 'system_announcement') continue;
    const { closesAt } = event.data as { closesAt: string };
    told.set(closesAt, (told.get(closesAt) ?? 0) + 1);
  }
  for (let date = plan.from; date <= plan.to; date = nextDate(date)) {
    if (hoursOf(plan, date).length === 0 || plan.asleep.has(date)) continue;
    expect(told.get(iso(closingOf(plan, date))), `[CAL2] announcements of the closing on ${date}`).toBe(2);
  }
}

async function rowsOfPeople({ runner }: Desk): Promise<number> {
  const { n } = await runner.db.selectFrom('visits').select(({ fn }) => fn.countAll().as('n')).where('personId', 'is not', null).executeTakeFirstOrThrow();
  return Number(n);
}

describe.each(YEARS)('a school year in $zone from $from to $to', (plan) => {
  it('[ATT2][ATT4][EQP2][EQP3][CAL1][CAL2][CIR3][CIR5][CIR6] holds its rules every evening', async () => {
    const year = await openSchoolYear(plan);
    await year.live((date) => checkEvening(year, date));
    await checkVisits(year);
    await checkSessions(year);
    await checkCirculation(year);
    checkAnnouncements(year);
    if (plan === YEARS[0]) {
      expect(await rowsOfPeople(year.desk)).toBeGreaterThan(0);
      await year.rest(370);
      expect(await rowsOfPeople(year.desk), '[PRV2] a year later nobody is named').toBe(0);
      expect(await year.desk.runner.db.selectFrom('scans').select('id').execute()).toEqual([]);
    }
    await year.close();
  }, LONG);
});

describe('hours that clocks skip or repeat', () => {
  it.each([
    ['America/New_York', '2028-03-12', '02:30', '2028-03-12T07:30:00.000Z', 'skipped: taken after the change'],
    ['America/New_York', '2027-11-07', '01:30', '2027-11-07T05:30:00.000Z', 'twice: the first'],
    ['America/New_York', '2027-11-07', '24:00', '2027-11-08T05:00:00.000Z', 'a day of 25 hours'],
    ['Australia/Lord_Howe', '2027-10-03', '02:15', '2027-10-02T15:45:00.000Z', 'half an hour skipped'],
    ['Australia/Lord_Howe', '2028-04-02', '01:45', '2028-04-01T14:45:00.000Z', 'half an hour twice: the first'],
    ['America/Sao_Paulo', '2018-11-03', '24:00', '2018-11-04T03:00:00.000Z', 'midnight skipped: the next day begins at one'],
    ['Pacific/Apia', '2011-12-29', '24:00', '2011-12-30T10:00:00.000Z', 'a whole day skipped'],
    ['America/New_York', '2028-02-29', '23:59', '2028-03-01T04:59:00.000Z', 'a leap day'],
  ])('[CIR3] %s %s %s → %s (%s)', (zone, date, time, expected) => expect(iso(instantAt(date, time, zone))).toBe(expected));

  it.each([
    ['America/New_York', '2027-11-07T05:30:00.000Z', '2027-11-07', 1],
    ['America/New_York', '2027-11-07T06:30:00.000Z', '2027-11-07', 1],
    ['Australia/Lord_Howe', '2028-04-01T15:15:00.000Z', '2028-04-02', 1],
    ['Australia/Lord_Howe', '2027-10-02T15:30:00.000Z', '2027-10-03', 2],
  ])('[ANA1] %s %s belongs to %s, hour %i', (zone, instant, date, hour) => expect([localDate(Date.parse(instant), zone), localHour(Date.parse(instant), zone)]).toEqual([date, hour]));
});
