import { relative, type InstantLike } from './venue-time.ts';

const DAY_MS = 24 * 60 * 60_000;

/** Like `relative`, in whole days from one day on: "in 2 d", "3 d ago". Loans are thought of in days. */
export function daysTo(at: InstantLike, now: number): string {
  const ms = (typeof at === 'number' ? at : Date.parse(at)) - now;
  if (Math.abs(ms) < DAY_MS) return relative(at, now);
  const days = Math.floor(Math.abs(ms) / DAY_MS);
  return ms > 0 ? `in ${days} d` : `${days} d ago`;
}
