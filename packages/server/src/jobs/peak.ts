import { arrivalsMark, arrivalsPeak, OCCUPANCY_MARK, occupancyPeak, peakState, type PeakState } from '../domain/peak.ts';
import type { Unit } from '../domain/unit.ts';
import type { Venue } from '../domain/venue.ts';
import type { Db } from '../store/open-store.ts';
import { STAFF_ROLES } from '@clms/protocol';
import type { Job } from './job.ts';

/** [DSH2] Tells staff of a rush, once while it lasts. Only commits make one, and the runner asks after each. */
export const peak: Job = {
  name: 'peak',
  nextDueAt: async (db, now, venue) => ((await look(db, now, venue)).length > 0 ? now : undefined),
  async run(unit) {
    for (const turn of await look(unit.db, unit.now, unit.venue)) {
      if (turn.kind === 'occupancy ends') await unit.db.deleteFrom('jobMarks').where('key', '=', OCCUPANCY_MARK).execute();
      else await begin(unit, turn);
    }
  },
};

type Turn = { readonly kind: 'occupancy begins' | 'occupancy ends' | 'arrivals'; readonly mark: string; readonly state: PeakState };

async function look(db: Db, now: number, venue: Venue): Promise<Turn[]> {
  const state = await peakState(db, venue, now);
  const arrivals = arrivalsPeak(state) ? arrivalsMark(now, venue) : undefined;
  const marks = await db.selectFrom('jobMarks').select('key').where('key', 'in', [OCCUPANCY_MARK, ...(arrivals === undefined ? [] : [arrivals])]).execute();
  const marked = (key: string) => marks.some((mark) => mark.key === key);
  const occupancy = occupancyPeak(state, marked(OCCUPANCY_MARK));
  return [
    ...(occupancy ? [{ kind: `occupancy ${occupancy}` as const, mark: OCCUPANCY_MARK, state }] : []),
    ...(arrivals !== undefined && !marked(arrivals) ? [{ kind: 'arrivals' as const, mark: arrivals, state }] : []),
  ];
}

async function begin(unit: Unit, { kind, mark, state }: Turn): Promise<void> {
  await unit.db.insertInto('jobMarks').values({ key: mark, at: unit.at }).execute();
  const alert =
    kind === 'arrivals'
      ? { message: `Peak usage: ${state.arrivals} came within 15 minutes, more than twice the usual`, recommendations: ['Open a second desk', 'Watch the queue at the door'] }
      : { message: `Peak usage: ${state.inside} of ${state.capacity} places are taken`, recommendations: ['Open another room', 'Prepare to turn people away'] };
  for (const role of STAFF_ROLES) unit.send({ role }, 'staff_alert', alert);
}
