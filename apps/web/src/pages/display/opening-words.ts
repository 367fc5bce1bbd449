import type { Venue } from '../../venue/venue.ts';
import { duration, minutesLeft, type VenueTime } from '../../venue/venue-time.ts';

export interface OpeningWords {
  /** "Open today 07:30–17:00", "Closed today" */
  readonly today: string;
  readonly closing: { readonly words: string; readonly soon: boolean };
}

/** From here on the closing counts down. */
const SOON_MINUTES = 30;

/** Today's hours, and how long it is still open at `now` (the server's time in milliseconds). */
export function openingWords({ openToday, closesAt }: Pick<Venue, 'openToday' | 'closesAt'>, time: Pick<VenueTime, 'time'>, now: number): OpeningWords {
  const today = openToday === undefined ? '' : openToday.length === 0 ? 'Closed today' : `Open today ${openToday.map(({ open, close }) => `${open}–${close}`).join(', ')}`;
  if (closesAt === null || Date.parse(closesAt) <= now) return { today, closing: { words: '', soon: false } };
  const minutes = minutesLeft(closesAt, now);
  const soon = minutes <= SOON_MINUTES;
  return { today, closing: { words: soon ? `Closing in ${minutes} min` : `Closes at ${time.time(closesAt)} (in ${duration(minutes * 60_000)})`, soon } };
}
