import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { analytics } from '../src/domain/analytics.ts';
import { readPeriod } from '../src/domain/analytics-period.ts';
import { analyticsTotals } from '../src/domain/analytics-totals.ts';
import { toCsv } from '../src/domain/csv-export.ts';
import { localDate, localHour } from '../src/domain/instant.ts';
import { openDesk, type Desk } from './desk.ts';

const ZONE = 'Asia/Manila';
let desk: Desk;
beforeEach(async () => void (desk = await openDesk()));
afterEach(() => desk.close());

let made = 0;
const entity = (at: string) => ({ id: `row_${made++}`, version: 1, createdAt: at, updatedAt: at });

async function visit(at: string, more: { personId?: string; gradeCategory?: string | null; location?: string } = {}): Promise<void> {
  const ms = Date.parse(at);
  await desk.runner.db
    .insertInto('visits')
    .values({ ...entity(at), personId: 'p1', gradeCategory: 'PRIMARY', location: 'Main Library', station: null, checkedInAt: at, checkedOutAt: at, endedBy: 'SCAN', localDate: localDate(ms, ZONE), localHour: localHour(ms, ZONE), override: 0, reason: null, ...more })
    .execute();
}

async function session(equipmentId: string, startedAt: string, endedAt: string | null): Promise<void> {
  await desk.runner.db
    .insertInto('equipmentSessions')
    .values({ ...entity(startedAt), equipmentId, seat: made, personId: null, gradeCategory: 'JUNIOR_HIGH', startedAt, endsAt: null, endedAt, endReason: null, extensions: 0, status: endedAt ? 'COMPLETED' : 'ACTIVE', boundMinutes: null, boundReason: 'NONE', warnedMinutes: null, localDate: localDate(Date.parse(startedAt), ZONE) })
    .execute();
}

async function loan(loanedAt: string, collectionCode: string | null, returnedAt: string | null = null): Promise<void> {
  await desk.runner.db
    .insertInto('loans')
    .values({ ...entity(loanedAt), bookId: `book_${made}`, titleId: 't', personId: 'p1', gradeCategory: 'PRIMARY', collectionCode, loanedAt, dueAt: '2025-10-14T02:00:00.000Z', returnedAt, renewals: 1, fine: 200, lost: 0, overrideReason: null, noticedAt: null, localDate: localDate(Date.parse(loanedAt), ZONE) })
    .execute();
}

const item = (id: string, name: string, type: string) => ({ ...entity('2025-10-01T00:00:00.000Z'), id, name, nameKey: name.toLowerCase(), type, location: 'Main Library', seats: 1, barcode: null, barcodeKey: null, maxMinutes: null, status: 'AVAILABLE' as const, statusReason: null, lastMaintenance: null, notes: null });

const totals = async (series: 'visits' | 'equipment' | 'circulation') => (await analyticsTotals(desk.runner.db, desk.runner.venue, desk.clock.now(), series)).totals;
const ask = (kind: 'visits' | 'equipment' | 'circulation', groupBy: string, from = '2025-10-13', to = '2025-10-14', compare = false) =>
  analytics(desk.runner.db, desk.runner.venue, desk.clock.now(), { kind, groupBy, period: { from, to }, compare });
const bars = (answer: { series: readonly { key: string; value: number }[] }) => answer.series.map((point) => [point.key, point.value]);
const filled = (answer: { series: readonly { key: string; value: number }[] }) => bars(answer).filter(([, value]) => value !== 0);

describe('visits', () => {
  beforeEach(async () => {
    await visit('2025-10-13T01:10:00.000Z');
    await visit('2025-10-13T01:50:00.000Z', { personId: 'p2', gradeCategory: 'SENIOR_HIGH', location: 'AVR Room' });
    await visit('2025-10-13T16:30:00.000Z', { gradeCategory: null, location: 'Annex' }); // already the 14th in Manila
    await visit('2025-10-12T01:00:00.000Z');
  });

  it('[ANA1] fall into the venue’s days and hours, not those of UTC', async () => {
    expect(bars(await ask('visits', 'day'))).toEqual([['2025-10-13', 2], ['2025-10-14', 1]]);
    const hours = await ask('visits', 'hour');
    expect(hours.series).toHaveLength(24);
    expect(filled(hours)).toEqual([['00', 1], ['09', 2]]);
  });

  it('[ANA1] by week begin on Monday; days without a visit are zeros', async () => {
    expect(bars(await ask('visits', 'week', '2025-10-06', '2025-10-14'))).toEqual([['2025-10-06', 1], ['2025-10-13', 3]]);
    expect(bars(await ask('visits', 'day', '2025-10-10', '2025-10-12'))).toEqual([['2025-10-10', 0], ['2025-10-11', 0], ['2025-10-12', 1]]);
  });

  it('[ANA1] by grade category and location show the known ones and lose nobody', async () => {
    expect(bars(await ask('visits', 'gradeCategory'))).toEqual([['PRIMARY', 1], ['GRADE_SCHOOL', 0], ['JUNIOR_HIGH', 0], ['SENIOR_HIGH', 1], ['PERSONNEL', 0], ['UNKNOWN', 1]]);
    expect(bars(await ask('visits', 'location'))).toEqual([['Main Library', 1], ['AVR Room', 1], ['Recreational Room', 0], ['Annex', 1]]);
  });

  it('[ANA1] have totals, and the period before beside them', async () => {
    const answer = await ask('visits', 'day', '2025-10-13', '2025-10-14', true);
    expect(answer.totals).toEqual({ visits: 3, people: 2, days: 2, perDay: 1.5 });
    expect(answer.previous).toMatchObject({ from: '2025-10-11', to: '2025-10-12', totals: { visits: 1 } });
    expect(bars(answer.previous!)).toEqual([['2025-10-11', 0], ['2025-10-12', 1]]);
  });

  it('[ANA1] cannot be grouped by what they do not have', async () => {
    await expect(ask('visits', 'collection')).rejects.toMatchObject({ status: 400, message: expect.stringContaining('hour, day, week, gradeCategory, location') });
  });
});

describe('equipment use', () => {
  beforeEach(async () => {
    await desk.runner.db.insertInto('equipment').values([item('e1', 'PC 1', 'COMPUTER'), item('e2', 'PC 2', 'COMPUTER'), item('e3', 'Room', 'STUDY_ROOM')]).execute();
    await session('e1', '2025-10-13T02:00:00.000Z', '2025-10-13T03:00:00.000Z');
    await session('e3', '2025-10-13T05:00:00.000Z', '2025-10-13T05:15:00.000Z');
    await session('e1', '2025-10-14T02:15:00.000Z', null); // running for 15 minutes
  });

  it('[ANA1] is counted in minutes, with sessions and share; unused items are there too', async () => {
    expect((await ask('equipment', 'item')).series).toEqual([
      { key: 'e1', label: 'PC 1', value: 75, minutes: 75, sessions: 2, share: 0.833 },
      { key: 'e2', label: 'PC 2', value: 0, minutes: 0, sessions: 0, share: 0 },
      { key: 'e3', label: 'Room', value: 15, minutes: 15, sessions: 1, share: 0.167 },
    ]);
    expect((await ask('equipment', 'type')).totals).toEqual({ minutes: 90, sessions: 3, averageMinutes: 30 });
  });

  it('[ANA1] by hour and day follows the venue’s clock', async () => {
    expect(filled(await ask('equipment', 'hour'))).toEqual([['10', 75], ['13', 15]]);
    expect(bars(await ask('equipment', 'day'))).toEqual([['2025-10-13', 75], ['2025-10-14', 15]]);
  });

  it('[ANA1] without any has no share instead of a broken number', async () => {
    expect((await ask('equipment', 'type', '2024-01-01', '2024-01-02')).series).toMatchObject([{ share: 0 }, { share: 0 }]);
  });
});

describe('loans', () => {
  beforeEach(async () => {
    await loan('2025-10-13T01:00:00.000Z', 'FIC', '2025-10-13T05:00:00.000Z');
    await loan('2025-10-13T01:30:00.000Z', 'FIC');
    await loan('2025-10-13T16:05:00.000Z', null);
  });

  it('[ANA1] by collection come with what became of them', async () => {
    const answer = await ask('circulation', 'collection');
    expect(bars(answer)).toEqual([['FIC', 2], ['UNKNOWN', 1]]);
    expect(answer.totals).toEqual({ loans: 3, returned: 1, renewals: 3, overdue: 2, fines: 600 });
  });

  it('[ANA1] by hour follow the venue’s clock, by day too', async () => {
    expect(filled(await ask('circulation', 'hour'))).toEqual([['00', 1], ['09', 2]]);
    expect(bars(await ask('circulation', 'day'))).toEqual([['2025-10-13', 2], ['2025-10-14', 1]]);
  });
});

it('[ANA1] today’s totals are of the venue’s day', async () => {
  await visit('2025-10-13T16:30:00.000Z');
  await visit('2025-10-13T15:30:00.000Z');
  await session('e1', '2025-10-14T01:00:00.000Z', '2025-10-14T01:20:00.000Z');
  await loan('2025-10-14T01:00:00.000Z', 'FIC');
  expect([await totals('visits'), await totals('equipment'), await totals('circulation')]).toEqual([{ visits: 1, people: 1, inside: 0 }, { sessions: 1, running: 0, minutes: 20 }, { loans: 1, returned: 0 }]);
});

describe('a period', () => {
  const now = Date.parse('2025-10-14T02:30:00.000Z');
  it.each([
    [{}, { from: '2025-09-17', to: '2025-10-14' }],
    [{ from: '2025-10-01' }, { from: '2025-10-01', to: '2025-10-14' }],
    [{ from: '2025-10-01', to: '2025-10-01' }, { from: '2025-10-01', to: '2025-10-01' }],
    [{ from: '2025-10-13T16:00:00.000Z' }, { from: '2025-10-14', to: '2025-10-14' }],
  ])('[ANA1] of %j is %j', (query, period) => expect(readPeriod(query, now, ZONE)).toEqual(period));

  it.each([[{ from: '2025-10-15' }], [{ from: '2025-02-30' }], [{ to: 'today' }], [{ from: '2020-01-01' }]])('[ANA1] of %j is refused', (query) => {
    expect(() => readPeriod(query, now, ZONE)).toThrow(expect.objectContaining({ status: 400 }));
  });
});

describe('CSV', () => {
  it('[IMP3] quotes what must be quoted, and only that', () => {
    expect(toCsv(['a', 'b'], [['x, y', 'say "hi"'], ['two\nlines', 'plain'], [null, undefined], [-1.5, 0]])).toBe('a,b\r\n"x, y","say ""hi"""\r\n"two\nlines",plain\r\n,\r\n-1.5,0\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx'])('[IMP3] disarms %j', (text) => {
    expect(toCsv(['a'], [[text]]).split('\r\n').slice(1).join('\r\n')).toMatch(/^"?'/);
  });
});
