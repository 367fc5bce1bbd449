import type { Activity } from '@clms/protocol';

/** A stay, as far as the curve needs it. */
export interface Stay {
  readonly visitId: string;
  /** Minutes since local midnight. */
  readonly from: number;
  /** undefined = still inside. */
  readonly until: number | undefined;
  readonly location: string;
  readonly category: string | undefined;
}

/** One point of the curve: how many are inside at a minute of the day, and how many usually are. */
export interface OccupancyPoint {
  readonly minute: number;
  /** undefined = not known yet: it lies ahead. */
  readonly inside: number | undefined;
  /** Fewest and most on the compared days. */
  readonly usual: readonly [number, number] | undefined;
}

const insideAt = (stays: readonly Stay[], minute: number): number => stays.filter(({ from, until }) => from <= minute && (until === undefined || until > minute)).length;

/** The curve from `start` to `end` (minutes of the day), in steps. `days` are the stays of earlier days of the same weekday. */
export function occupancyCurve(today: readonly Stay[], days: readonly (readonly Stay[])[], { start, end, now, stepMinutes }: { readonly start: number; readonly end: number; readonly now: number; readonly stepMinutes: number }): readonly OccupancyPoint[] {
  const minutes = Array.from({ length: Math.floor((end - start) / stepMinutes) + 1 }, (_, index) => start + index * stepMinutes);
  // The present is a point of its own: the line must end where the figure beside it is.
  if (now > start && now <= end && !minutes.includes(now)) minutes.push(now);
  return minutes.toSorted((a, b) => a - b).map((minute) => {
    const before = days.map((stays) => insideAt(stays, minute));
    return { minute, inside: minute <= now ? insideAt(today, minute) : undefined, usual: before.length === 0 ? undefined : [Math.min(...before), Math.max(...before)] };
  });
}

/** Stays with what was told since the list was fetched. Telling something twice changes nothing. */
export function withActivities(stays: readonly Stay[], activities: readonly Activity[], minuteOf: (activity: Activity) => number): readonly Stay[] {
  const known = new Map(stays.map((stay) => [stay.visitId, stay]));
  for (const activity of activities.toReversed()) {
    const { activityType, metadata, location, gradeCategory } = activity;
    const visitId = metadata?.['visitId'];
    if (typeof visitId !== 'string') continue;
    const stay = known.get(visitId);
    if (activityType === 'CHECK_IN' && !stay) known.set(visitId, { visitId, from: minuteOf(activity), until: undefined, location: location ?? '', category: gradeCategory });
    if (activityType === 'CHECK_OUT' && stay) known.set(visitId, { ...stay, until: minuteOf(activity) });
  }
  return [...known.values()];
}

/** How many are inside, by a trait, most first. */
export function insideBy(stays: readonly Stay[], trait: (stay: Stay) => string): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const stay of stays) if (stay.until === undefined) counts.set(trait(stay), (counts.get(trait(stay)) ?? 0) + 1);
  return [...counts].toSorted(([, a], [, b]) => b - a);
}

/** By how many percent today has more visits than another day had by the same minute; undefined when that day had none. */
export function changeSince(today: readonly Stay[], other: readonly Stay[], nowMinute: number): number | undefined {
  const then = other.filter(({ from }) => from <= nowMinute).length;
  return then === 0 ? undefined : Math.round((100 * (today.length - then)) / then);
}
