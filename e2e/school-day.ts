/** A scan of the planned day, and what the rules make of it. */
export interface PlannedScan {
  /** Minutes since local midnight. */
  readonly minute: number;
  /** Index of the pupil. */
  readonly pupil: number;
  readonly expected: 'CHECKED_IN' | 'ALREADY_COUNTED' | 'ALREADY_INSIDE' | 'CHECKED_OUT';
}

export const SCANS_OF_THE_DAY = 151;
/** Six scans in ten between eleven and two, a class of twenty within its minute among them. */
const PARTS = [
  { from: 7 * 60 + 40, to: 11 * 60, arrivals: 28 },
  { from: 11 * 60, to: 12 * 60 + 10, arrivals: 27 },
  { from: 12 * 60 + 12, to: 12 * 60 + 13, arrivals: 20 },
  { from: 12 * 60 + 20, to: 14 * 60, arrivals: 27 },
  { from: 14 * 60, to: 16 * 60 + 30, arrivals: 20 },
] as const;

/** Every how-many-th arrival scans again, and how long after: at once, soon, and long enough after to be leaving. */
const AGAIN = [
  { each: 14, remainder: 3, afterMinutes: 2 / 60, expected: 'ALREADY_COUNTED' },
  { each: 14, remainder: 8, afterMinutes: 2, expected: 'ALREADY_INSIDE' },
  { each: 14, remainder: 12, afterMinutes: 9, expected: 'CHECKED_OUT' },
] as const;

/**
 * A day as doors of schools log it: 151 scans, in order of time. Repeats keep well away from the limits of ten seconds and five minutes, so that
 * a machine that is slow between two scans does not change what they are. Nearly nobody scans out; some come a second time in the afternoon.
 */
export function plannedDay(pupils: number): readonly PlannedScan[] {
  const scans: PlannedScan[] = [];
  let arrival = 0;
  for (const { from, to, arrivals } of PARTS) {
    for (let n = 0; n < arrivals; n++, arrival++) {
      const minute = from + ((to - from) * n) / arrivals;
      const pupil = arrival % pupils;
      scans.push({ minute, pupil, expected: 'CHECKED_IN' });
      for (const { each, remainder, afterMinutes, expected } of AGAIN) {
        if (arrival % each === remainder) scans.push({ minute: minute + afterMinutes, pupil, expected });
      }
    }
  }
  return [...scans, ...returning(scans, SCANS_OF_THE_DAY - scans.length)].toSorted((a, b) => a.minute - b.minute);
}

/** Those who had scanned out come back before the day ends. */
function returning(scans: readonly PlannedScan[], count: number): readonly PlannedScan[] {
  const left = scans.filter(({ expected }) => expected === 'CHECKED_OUT').slice(0, count);
  return left.map(({ pupil }, n) => ({ minute: 16 * 60 + 32 + n, pupil, expected: 'CHECKED_IN' }));
}
