// The shape of a real day at the door: 151 scans between half past seven and five, six in ten of them between eleven and two.

const OPENS = 7 * 60 + 30;
const CLOSES = 17 * 60;
const NOON_STARTS = 11 * 60;
const NOON_ENDS = 14 * 60;
const SCANS = 151;
const NOON_SHARE = 0.6;

/** Expected scans in a minute of the day (minutes since midnight); 0 while closed. */
export function scansPerMinute(minute: number): number {
  if (minute < OPENS || minute >= CLOSES) return 0;
  if (minute >= NOON_STARTS && minute < NOON_ENDS) return (SCANS * NOON_SHARE) / (NOON_ENDS - NOON_STARTS);
  return (SCANS * (1 - NOON_SHARE)) / (CLOSES - OPENS - (NOON_ENDS - NOON_STARTS));
}

/** The once-a-day burst: a class comes at once, twenty scans in a minute. */
export const BURST = { minute: 12 * 60 + 12, scans: 20 } as const;

/** A visitor comes to a library in full swing. */
export const FIRST_MINUTE = 10 * 60 + 20;
export const DAY = { opens: OPENS, closes: CLOSES } as const;
/** One scan in twenty repeats the card before within ten seconds. */
export const REPEAT_SHARE = 0.05;
