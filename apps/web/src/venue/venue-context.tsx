import { useQuery } from '@tanstack/react-query';
import { createContext, use, useMemo, type ReactNode } from 'react';
import type { ApiClient } from '../api/api-client.ts';
import { keptVenue, keepVenue } from './kept-venue.ts';
import type { Venue } from './venue.ts';
import { venueTime, type VenueTime } from './venue-time.ts';

interface VenueValue {
  readonly venue: Venue;
  readonly time: VenueTime;
}

const VenueContext = createContext<VenueValue | null>(null);

/** Before the server has answered: nothing that looks like a fact, and UTC rather than the computer's zone. */
const UNKNOWN: Venue = { venueName: '', timezone: 'UTC', locale: 'en', locations: [], closesAt: null };

export function VenueProvider({ api, children }: { readonly api: ApiClient; readonly children: ReactNode }): ReactNode {
  const { data } = useQuery({
    queryKey: ['venue'],
    queryFn: async () => keepVenue(await api.get<Venue>('/api/venue')),
    // As it was when the server was last asked, and old at once.
    initialData: keptVenue,
    initialDataUpdatedAt: 0,
    staleTime: 5 * 60_000,
    refetchInterval: 15 * 60_000,
  });
  const venue = data ?? UNKNOWN;
  const value = useMemo(() => ({ venue, time: venueTime(venue) }), [venue]);
  // Times shown in a wrong zone for a moment would be read as true.
  return data ? <VenueContext value={value}>{children}</VenueContext> : null;
}

function useVenueValue(): VenueValue {
  const value = use(VenueContext);
  if (!value) throw new Error('useVenue and useVenueTime need a <VenueProvider> above them');
  return value;
}

export const useVenue = (): Venue => useVenueValue().venue;
/** Formatters in the venue's zone. */
export const useVenueTime = (): VenueTime => useVenueValue().time;
