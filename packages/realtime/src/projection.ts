import type { TopicEvent } from './broker.ts';
import { valueReader } from './filters.ts';
import type { GroupRules } from './subscription-index.ts';
import type { Audience, TopicDefinition } from './topic.ts';

/** An event as one audience sees it, before filters. */
interface Projected {
  readonly data: unknown;
  readonly values: ReturnType<typeof valueReader>;
}

/** Undefined = not for this audience. */
export function projectFor(topic: TopicDefinition, event: TopicEvent, audience: Audience): Projected | undefined {
  const data = topic.project(event, audience);
  return data === undefined ? undefined : { data, values: valueReader(topic, data, event) };
}

/** What a group of this audience gets: the data, or undefined. */
export function selectFor({ topic, matches, filters }: GroupRules, event: TopicEvent, projected: Projected): unknown {
  if (!matches(projected.values)) return undefined;
  return topic.select ? topic.select(projected.data, filters, event) : projected.data;
}

/** What a group gets of an event, for callers who have one group only; undefined = nothing. */
export function seenBy(group: GroupRules, event: TopicEvent): unknown {
  const projected = projectFor(group.topic, event, group.audience);
  return projected && selectFor(group, event, projected);
}
