import type { Activity } from '@clms/protocol';
import { useTopic } from '@clms/client/react';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/api.ts';
import type { Page } from '../../api/api-client.ts';
import type { Loan } from '../../api/loan.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { useVenueTime } from '../../venue/venue-context.tsx';

/** The largest page. A list that is longer is not counted by halves: then nothing is said. */
const LIMIT = 500;
const DAY_MS = 86_400_000;

/** What is new in circulation since midnight; undefined = not known. */
export interface CirculationToday {
  readonly lent: number | undefined;
  /** Of the books that are overdue, those whose last day was yesterday. */
  readonly newlyOverdue: number | undefined;
}

/** Asked once and kept up by the live activities, so that no event makes every dashboard ask. */
export function useCirculationToday(overdueItems: number | undefined): CirculationToday {
  const time = useVenueTime();
  const now = useServerNow(60_000);
  const today = time.date(now);
  const listed = useQuery({
    queryKey: ['lent', today],
    queryFn: async () => (await api.get<Page<Activity>>('/api/activities', { activityType: 'BOOK_BORROW', limit: LIMIT })).items.filter(({ timestamp }) => time.date(timestamp) === today).map(({ id }) => id),
    staleTime: 5 * 60_000,
  }).data;
  const told = useTopic('activities').state.filter(({ activityType, timestamp }) => activityType === 'BOOK_BORROW' && time.date(timestamp) === today);
  const overdue = useQuery({
    queryKey: ['loans', 'overdue', today, overdueItems],
    queryFn: () => api.get<Page<Loan>>('/api/loans', { overdue: true, limit: LIMIT }),
    enabled: overdueItems !== undefined && overdueItems > 0,
    staleTime: Number.POSITIVE_INFINITY,
  }).data;
  const yesterday = time.date(now - DAY_MS);
  return {
    lent: listed && listed.length < LIMIT ? new Set([...listed, ...told.map(({ id }) => id)]).size : undefined,
    newlyOverdue: overdue?.nextCursor === null ? overdue.items.filter(({ dueAt }) => time.date(dueAt) === yesterday || time.date(dueAt) === today).length : undefined,
  };
}
