import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkOutById } from '../src/domain/attendance.ts';
import { createPerson } from '../src/domain/people.ts';
import { scan } from '../src/domain/scans.ts';
import { closing } from '../src/jobs/closing.ts';
import { KIOSK, openDesk, type Desk } from './desk.ts';
import { MINUTE, startJobs } from './holdings.ts';

/** One step of a story: time passes, a card is read (now, or some minutes ago by a station that was offline), or staff end the visits. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.constantFrom(0, 1, 4, 6, 45, 200, 600, 1500) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('scan' as const),
      card: fc.constantFrom('1001', '1002'),
      station: fc.constantFrom('door', 'avr'),
      minutesAgo: fc.constantFrom(0, 0, 0, 3, 8, 90, 700, 1600),
      intent: fc.constantFrom(undefined, undefined, undefined, 'CHECK_IN' as const, 'CHECK_OUT' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('staff' as const) }) },
);

async function play(desk: Desk, steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]): Promise<void> {
  const jobs = await startJobs(desk, closing);
  for (const one of steps) {
    if (one.kind === 'wait') desk.clock.advance(one.minutes * MINUTE);
    else if (one.kind === 'scan') {
      const { card, station, minutesAgo, intent } = one;
      const scannedAt = new Date(desk.clock.now() - minutesAgo * MINUTE).toISOString();
      await desk.run((unit) => scan(unit, { barcode: card, station, ...(minutesAgo > 0 && { scannedAt, sentAt: new Date(desk.clock.now()).toISOString() }), ...(intent && { intent }) }), KIOSK);
    } else {
      const open = await desk.runner.db.selectFrom('visits').select('id').where('checkedOutAt', 'is', null).execute();
      for (const { id } of open) await desk.run((unit) => checkOutById(unit, id));
    }
    await jobs.advance(0);
  }
  await jobs.close();
}

describe('whatever is scanned when', () => {
  it('[ATT1][ATT4][SCN4] visits of a person never overlap, each is told in and out once, and every scan is kept', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
        const desk = await openDesk();
        try {
          for (const schoolId of ['1001', '1002']) await desk.run((unit) => createPerson(unit, { schoolId, surname: 'S', givenName: 'G' }));
          await play(desk, steps);
          const visits = await desk.runner.db.selectFrom('visits').selectAll().orderBy('personId').orderBy('checkedInAt').execute();
          for (const [index, visit] of visits.entries()) {
            const next = visits[index + 1];
            if (visit.checkedOutAt !== null) expect(visit.checkedOutAt >= visit.checkedInAt).toBe(true);
            if (next?.personId === visit.personId) expect(visit.checkedOutAt !== null && visit.checkedOutAt <= next.checkedInAt).toBe(true);
          }
          const told = await desk.runner.db.selectFrom('activities').select(['type', 'at', 'personId', 'duration']).execute();
          const key = (personId: string | null, at: string | null) => `${personId} ${at}`;
          expect(told.filter(({ type }) => type === 'CHECK_IN').map(({ personId, at }) => key(personId, at)).toSorted()).toEqual(visits.map(({ personId, checkedInAt }) => key(personId, checkedInAt)).toSorted());
          const closed = visits.filter(({ checkedOutAt }) => checkedOutAt !== null);
          expect(told.filter(({ type }) => type === 'CHECK_OUT').map(({ personId, at }) => key(personId, at)).toSorted()).toEqual(closed.map(({ personId, checkedOutAt }) => key(personId, checkedOutAt)).toSorted());
          const scans = await desk.runner.db.selectFrom('scans').select('id').execute();
          expect(scans).toHaveLength(steps.filter(({ kind }) => kind === 'scan').length);
        } finally {
          await desk.close();
        }
      }),
      { numRuns: 40 },
    );
  });
});
