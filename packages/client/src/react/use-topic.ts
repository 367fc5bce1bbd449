import type { SubscribableTopic, TopicFilters } from '@clms/protocol';
import { useMemo, useSyncExternalStore } from 'react';
import { filterKey, normalFilters } from '../filters.ts';
import type { TopicSnapshot } from '../topic-view.ts';
import { useClientContext } from './client-context.ts';

/**
 * The reduced state of a topic, how fresh it is, and whether the server gives it. Holds the subscription while mounted; filters may be
 * written inline, only a change of their content counts.
 */
export function useTopic<T extends SubscribableTopic>(topic: T, filters?: TopicFilters<T>): TopicSnapshot<T> {
  const { client, pace } = useClientContext();
  const key = filterKey(normalFilters(filters));
  const view = useMemo(() => client.topic(topic, JSON.parse(key) as TopicFilters<T>), [client, topic, key]);
  const subscribe = useMemo(() => pace.paced(view.subscribe), [pace, view]);
  return useSyncExternalStore(subscribe, view.getSnapshot, view.getSnapshot);
}
