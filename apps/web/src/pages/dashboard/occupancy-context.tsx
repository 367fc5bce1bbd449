import { useTopic } from '@clms/client/react';
import type { Activity } from '@clms/protocol';
import { useQueries, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { createContext, use, useMemo, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import type { Page } from '../../api/api-client.ts';
import type { Visit } from '../../api/visit.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { useVenueTime } from '../../venue/venue-context.tsx';
import type { VenueTime } from '../../venue/venue-time.ts';
import { withActivities, type Stay } from './occupancy.ts';

const DAY_MS = 86_400_000;
/** The same weekday of these many weeks is "usual". */
const WEEKS_COMPARED = 4;
/** More visits a day than this library's record; a district's busiest branch is drawn from its newest ones. */
const MAX_PAGES = 4;

async function visitsOf(date: string, time: VenueTime): Promise<readonly Stay[]> {
  const stays: Stay[] = [];
  let cursor: string | null | undefined;
  for (let page = 0; page < MAX_PAGES && cursor !== null; page++) {
    const answer: Page<Visit> = await api.get('/api/visits', { date, limit: 500, cursor });
    stays.push(...answer.items.map((visit) => toStay(visit, time)));
    cursor = answer.nextCursor;
  }
  return stays;
}

const toStay = ({ id, checkedInAt, checkedOutAt, location, gradeCategory }: Visit, time: VenueTime): Stay => ({
  visitId: id, from: time.minuteOfDay(checkedInAt), until: checkedOutAt === null ? undefined : time.minuteOfDay(checkedOutAt), location, category: gradeCategory ?? undefined,
});

interface Occupancy {
  /** Undefined until the list of today has come. */
  readonly today: readonly Stay[] | undefined;
  /** The same weekday of the last weeks, without days on which nobody came. */
  readonly before: readonly (readonly Stay[])[];
  /** A week ago; undefined when nobody came then. */
  readonly lastWeek: readonly Stay[] | undefined;
  readonly nowMinute: number;
}

const OccupancyContext = createContext<Occupancy | null>(null);

/** Today's stays, kept up by the live activities, and those of the same weekday before: computed once for all panels. */
export function OccupancyProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const time = useVenueTime();
  const now = useServerNow(30_000);
  const date = time.date(now);
  const nowMinute = time.minuteOfDay(now);
  const today = useQuery({ queryKey: ['stays', date], queryFn: () => visitsOf(date, time), staleTime: 5 * 60_000, refetchInterval: 10 * 60_000 }).data;
  const days = useQueries({
    queries: Array.from({ length: WEEKS_COMPARED }, (_, index) => time.date(now - (index + 1) * 7 * DAY_MS)).map((day) => ({
      queryKey: ['stays', day], queryFn: () => visitsOf(day, time), staleTime: Number.POSITIVE_INFINITY,
    })),
    combine: daysOf,
  });
  const activities = useTopic('activities').state;
  const placeOf = useMemo(() => placing(time), [time]);
  const stays = useMemo(
    () => today && withActivities(today, activities.filter((activity) => placeOf(activity).date === date), (activity) => placeOf(activity).minute),
    [today, activities, placeOf, date],
  );
  const value = useMemo((): Occupancy => ({ today: stays, before: days.filter((day) => day !== undefined), lastWeek: days[0], nowMinute }), [stays, days, nowMinute]);
  return <OccupancyContext value={value}>{children}</OccupancyContext>;
}

export function useOccupancy(): Occupancy {
  const value = use(OccupancyContext);
  if (!value) throw new Error('useOccupancy needs an <OccupancyProvider> above it');
  return value;
}

const daysOf = (results: readonly UseQueryResult<readonly Stay[]>[]): readonly (readonly Stay[] | undefined)[] => results.map(({ data }) => (data && data.length > 0 ? data : undefined));

/** Local day and minute of an activity, worked out once for each: formatting in a zone is slow, and five hundred of them are looked at with every event. */
function placing(time: VenueTime): (activity: Activity) => { readonly date: string; readonly minute: number } {
  const known = new WeakMap<Activity, { readonly date: string; readonly minute: number }>();
  return (activity) => {
    let place = known.get(activity);
    if (!place) known.set(activity, (place = { date: time.date(activity.timestamp), minute: time.minuteOfDay(activity.timestamp) }));
    return place;
  };
}
