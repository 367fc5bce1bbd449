import type { Venue } from './venue.ts';

const KEY = 'clms.venue';

/** Keeps what does not change from day to day, for a page that opens while the server is away. Returns the venue. */
export function keepVenue(venue: Venue): Venue {
  const { venueName, timezone, locale, locations } = venue;
  localStorage.setItem(KEY, JSON.stringify({ venueName, timezone, locale, locations }));
  return venue;
}

/** The venue as last told, without the hours of today: those are the server's to tell. */
export function keptVenue(): Venue | undefined {
  const kept = localStorage.getItem(KEY);
  if (kept === null) return undefined;
  try {
    return { ...(JSON.parse(kept) as Omit<Venue, 'openToday' | 'closesAt'>), closesAt: null };
  } catch {
    // Somebody edited the storage; the server tells it anew.
    return undefined;
  }
}
