import { afterEach, expect, it } from 'vitest';
import { analytics } from '../src/domain/analytics.ts';
import { checkIn, checkOutById } from '../src/domain/attendance.ts';
import { startSession } from '../src/domain/sessions.ts';
import { openDesk, type Desk } from './desk.ts';
import { addItem, addPupil } from './holdings.ts';

let desk: Desk;
afterEach(() => desk.close());

const at = (instant: string) => desk.clock.advance(Date.parse(instant) - desk.clock.now());
async function visit(instant: string, personId: string): Promise<void> {
  at(instant);
  const { id } = await desk.run((unit) => checkIn(unit, { personId, location: 'Main Library' }));
  desk.clock.advance(60_000);
  await desk.run((unit) => checkOutById(unit, id));
}
const ask = (kind: 'visits' | 'equipment', groupBy: string, from: string, to: string) =>
  analytics(desk.runner.db, desk.runner.venue, desk.clock.now(), { kind, period: { from, to }, groupBy, compare: true });
const filled = (series: readonly { readonly key: string; readonly value: number }[]) => series.filter(({ value }) => value > 0).map(({ key, value }) => [key, value]);

it('[ANA1] the week with 25 hours in one day is compared with the seven days before, each visit in its own', async () => {
  desk = await openDesk({ at: '2027-10-31T03:00:00.000Z', timezone: 'America/New_York' });
  const [aya] = [(await addPupil(desk, 1)).id];
  await visit('2027-10-31T03:30:00.000Z', aya); // 30 October, 23:30
  await visit('2027-10-31T04:30:00.000Z', aya); // 31 October, 00:30
  await visit('2027-11-07T03:30:00.000Z', aya); // 6 November, 23:30
  await visit('2027-11-07T05:30:00.000Z', aya); // 7 November, 01:30
  await visit('2027-11-07T06:30:00.000Z', aya); // 7 November, 01:30 for the second time
  await visit('2027-11-08T04:30:00.000Z', aya); // 7 November, 23:30, an hour later in UTC than the night before
  await visit('2027-11-14T04:30:00.000Z', aya); // 13 November, 23:30
  const days = await ask('visits', 'day', '2027-11-07', '2027-11-13');
  expect(filled(days.series)).toEqual([['2027-11-07', 3], ['2027-11-13', 1]]);
  expect({ from: days.previous!.from, to: days.previous!.to }).toEqual({ from: '2027-10-31', to: '2027-11-06' });
  expect(filled(days.previous!.series)).toEqual([['2027-10-31', 1], ['2027-11-06', 1]]);
  const hours = await ask('visits', 'hour', '2027-11-07', '2027-11-13');
  expect(filled(hours.series)).toEqual([['01', 2], ['23', 2]]);
});

it('[ANA1] minutes on a station are those that passed, also over half an hour that comes twice or never', async () => {
  desk = await openDesk({ at: '2027-10-02T15:00:00.000Z', timezone: 'Australia/Lord_Howe' });
  const [aya, ben] = [(await addPupil(desk, 1)).id, (await addPupil(desk, 2)).id];
  const pc = await addItem(desk, 'PC 1');
  at('2027-10-02T15:10:00.000Z'); // 3 October, 01:40; at 02:00 the clock goes to 02:30
  const skipping = await desk.run((unit) => startSession(unit, { equipmentId: pc.id, personId: aya, minutes: 60 }));
  expect(skipping.endsAt).toBe('2027-10-02T16:10:00.000Z');
  at('2028-04-01T14:40:00.000Z'); // 2 April, 01:40; at 02:00 the clock goes back to 01:30
  const repeating = await desk.run((unit) => startSession(unit, { equipmentId: pc.id, personId: ben, minutes: 60 }));
  expect(repeating.endsAt).toBe('2028-04-01T15:40:00.000Z');
  at('2028-04-01T15:40:00.000Z');
  const spring = await ask('equipment', 'day', '2027-10-03', '2027-10-03');
  expect(spring.previous).toMatchObject({ from: '2027-10-02', to: '2027-10-02', totals: { minutes: 0 } });
  expect(filled((await ask('equipment', 'day', '2028-04-02', '2028-04-02')).series)).toEqual([['2028-04-02', 60]]);
});
