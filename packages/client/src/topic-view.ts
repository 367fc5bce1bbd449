import type { SubscribableTopic, TopicFilters } from '@clms/protocol';
import { normalFilters } from './filters.ts';
import type { Freshness, TopicStatus } from './freshness.ts';
import type { TopicState } from './read-models.ts';
import type { TopicEntry } from './topic-entry.ts';
import type { TopicHub } from './topic-hub.ts';

export interface TopicSnapshot<T extends SubscribableTopic> {
  readonly state: TopicState<T>;
  readonly freshness: Freshness;
  readonly status: TopicStatus;
}

/** A topic as a store: `getSnapshot` gives the same object until something changed. */
export interface TopicView<T extends SubscribableTopic> {
  /** Holds the topic while at least one listener is there. */
  subscribe(listener: () => void): () => void;
  getSnapshot(): TopicSnapshot<T>;
}

export function topicView<T extends SubscribableTopic>(hub: TopicHub, topic: T, filters?: TopicFilters<T>): TopicView<T> {
  const wanted = normalFilters(filters);
  const entry = hub.entry(topic) as TopicEntry<TopicState<T>>;
  let seen: { readonly version: number; readonly of: TopicState<T>; readonly snapshot: TopicSnapshot<T> } | undefined;
  return {
    subscribe(listener) {
      const unlisten = entry.listen(listener);
      const release = hub.hold(topic, wanted);
      return () => {
        unlisten();
        release();
      };
    },
    getSnapshot() {
      if (seen?.version !== entry.version) {
        // A change of freshness alone keeps the state's identity, so that lists need not be drawn again.
        const state = seen && seen.of === entry.state ? seen.snapshot.state : entry.select(wanted);
        seen = { version: entry.version, of: entry.state, snapshot: { state, freshness: entry.freshness(), status: entry.status() } };
      }
      return seen.snapshot;
    },
  };
}
