import type { TopicEvent } from './broker.ts';
import { EventText } from './event-text.ts';
import { valueReader } from './filters.ts';
import type { EventItem } from './outbound-queue.ts';
import type { Group, HeldEvent, Subscription, SubscriptionIndex } from './subscription-index.ts';
import type { Audience, TopicDefinition } from './topic.ts';

/** Events that one subscription may hold back while it is set up; beyond, the connection is too slow to be served. */
export const MOST_HELD = 20_000;

/** An event as one audience sees it, before filters. */
interface Projected {
  readonly data: unknown;
  readonly values: ReturnType<typeof valueReader>;
}

/** What a group gets of an event: its text, or nothing. */
export function selectFor(topic: TopicDefinition, event: TopicEvent, group: Pick<Group, 'matches' | 'filters'>, projected: Projected): unknown {
  if (!group.matches(projected.values)) return undefined;
  return topic.select ? topic.select(projected.data, group.filters, event) : projected.data;
}

export function projectFor(topic: TopicDefinition, event: TopicEvent, audience: Audience): Projected | undefined {
  const data = topic.project(event, audience);
  return data === undefined ? undefined : { data, values: valueReader(topic, data, event) };
}

/**
 * Brings one event to everybody who should have it: projected once per audience, encoded once per distinct result, queued by reference.
 * Events of a topic arrive here in the order of their offsets.
 */
export function fanOut(index: SubscriptionIndex, topic: TopicDefinition, event: TopicEvent): void {
  const audiences = index.audiencesOf(topic.name);
  if (!audiences) return;
  const texts = new Map<unknown, EventText>();
  const entity = topic.entity?.(event);
  const keys = topic.audienceKeys?.(event);
  const entries = keys === undefined ? audiences.values() : chosen(audiences, keys);
  for (const { audience, groups } of entries) {
    const projected = projectFor(topic, event, audience);
    if (!projected) continue;
    for (const group of groups.values()) {
      const data = selectFor(topic, event, group, projected);
      if (data === undefined) continue;
      let text = texts.get(data);
      if (!text) texts.set(data, (text = new EventText(event, data)));
      toGroup(group, topic, event, text, entity);
    }
  }
}

function* chosen<T>(audiences: Map<string, T>, keys: Iterable<string>): Iterable<T> {
  for (const key of keys) {
    const entry = audiences.get(key);
    if (entry !== undefined) yield entry;
  }
}

function toGroup(group: Group, topic: TopicDefinition, event: TopicEvent, text: EventText, entity: string | undefined): void {
  const { offset, epoch, excludeClientId } = event;
  const reply = event.meta?.['replyTo'] as { clientId: string; messageId: string } | undefined;
  const prev = group.lastMatch;
  group.lastMatch = offset;
  const item: EventItem = { kind: 'event', topic: topic.name, offset, prev, text, delivery: topic.delivery, entity };
  const { members } = group;
  // From the end: a connection that is closed on the way (its queue is full) leaves, and the last member takes its place in the list.
  for (let place = members.length - 1; place >= 0; place--) {
    const subscription = members[place]!;
    if (offset <= subscription.floor) continue;
    const { connection, held } = subscription;
    if (excludeClientId !== undefined && connection.clientId === excludeClientId) {
      // The event is not for this connection alone [DIR1]: it learns the offset, so that the next `prev` finds it there.
      if (held) hold(subscription, { offset, event, item: undefined });
      else connection.withheld(topic.name, offset);
    } else if (held) hold(subscription, { offset, event, item });
    else if (reply?.clientId === connection.clientId) connection.sendFrame(text.replyFrame(prev, reply.messageId));
    else connection.queueEvent(item, epoch);
  }
}

function hold({ connection, held }: Subscription, event: HeldEvent): void {
  if (held!.length >= MOST_HELD) connection.tooSlow();
  else held!.push(event);
}

/** Held events as another audience sees them: a role that was lost while a subscription was set up must not speak through them. */
export function projectAgain(held: readonly HeldEvent[], { topic, audience, filters, matches }: Group): HeldEvent[] {
  let prev: number | undefined;
  return held.flatMap(({ offset, event, item }): HeldEvent[] => {
    const projected = item && projectFor(topic, event, audience);
    const data = projected && selectFor(topic, event, { filters, matches }, projected);
    if (!item || data === undefined) return item ? [] : [{ offset, event, item }];
    const again: EventItem = { ...item, prev: prev ?? item.prev, text: new EventText(event, data) };
    prev = offset;
    return [{ offset, event, item: again }];
  });
}
