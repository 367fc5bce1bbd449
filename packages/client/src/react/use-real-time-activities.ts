import type { Activity, TopicFilters } from '@clms/protocol';
import { useMemo } from 'react';
import { useConnection } from './use-connection.ts';
import { useTopic } from './use-topic.ts';

/** Activities kept in view. */
const SHOWN = 100;

/** The newest activities, newest first. */
export function useRealTimeActivities(filters?: TopicFilters<'activities'>): { readonly activities: readonly Activity[]; readonly isConnected: boolean } {
  const { state } = useTopic('activities', filters);
  const { isConnected } = useConnection();
  const activities = useMemo(() => state.slice(0, SHOWN), [state]);
  return { activities, isConnected };
}
