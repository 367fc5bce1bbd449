import type { TopicEvent } from './broker.ts';
import { Burst } from './burst.ts';
import { EventText } from './event-text.ts';
import type { EventItem } from './outbound-queue.ts';
import { projectFor, seenBy, selectFor } from './projection.ts';
import { endBurst, type Group, type HeldEvent, type Subscription, type SubscriptionIndex } from './subscription-index.ts';
import type { TopicDefinition } from './topic.ts';

/** Events that one subscription may hold back while it is set up; beyond, the connection is too slow to be served. */
export const MOST_HELD = 20_000;

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
      const data = selectFor(group, event, projected);
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
  const { offset } = event;
  const item: EventItem = { kind: 'event', topic: topic.name, offset, prev: group.lastMatch, text, size: text.size, delivery: topic.delivery, entity };
  group.lastMatch = offset;
  if (event.excludeClientId !== undefined || event.meta?.['replyTo'] !== undefined) {
    // One member's copy differs.
    endBurst(group);
    toEach(group.members, item, event);
    return;
  }
  const burst = group.burst?.takes(item.size) ? group.burst.add(item) : startBurst(group, item);
  toEach(burst ? burst.apart : group.members, item, event);
}

/** Puts a new burst into the queue of every member that can take what comes; nothing when nobody can. */
function startBurst(group: Group, item: EventItem): Burst | undefined {
  endBurst(group);
  const burst = (group.burst = new Burst(group, item));
  for (const subscription of group.members) if (!takesBursts(subscription, group) || !subscription.connection.queueBurst(burst)) burst.apart.push(subscription);
  if (burst.apart.length < group.members.length) return burst;
  endBurst(group);
  return undefined;
}

/** A group's newest event is one that all its members may get, unless they still have to be told what came before. */
function takesBursts({ held, floor }: Subscription, { lastMatch }: Group): boolean {
  return held === undefined && floor < lastMatch;
}

function toEach(subscriptions: readonly Subscription[], item: EventItem, event: TopicEvent): void {
  // From the end: a connection that is closed on the way (its queue is full) leaves, and the last member takes its place in the list.
  for (let place = subscriptions.length - 1; place >= 0; place--) toOne(subscriptions[place]!, item, event);
}

function toOne(subscription: Subscription, item: EventItem, event: TopicEvent): void {
  const { offset, epoch, excludeClientId } = event;
  if (offset <= subscription.floor) return;
  const { connection, held } = subscription;
  const reply = event.meta?.['replyTo'] as { clientId: string; messageId: string } | undefined;
  if (excludeClientId !== undefined && connection.clientId === excludeClientId) {
    // The event is not for this connection alone [DIR1]: it learns the offset, so that the next `prev` finds it there.
    if (held) hold(subscription, { offset, event, item: undefined });
    else connection.withheld(item.topic, offset);
  } else if (held) hold(subscription, { offset, event, item });
  else if (reply?.clientId === connection.clientId) connection.sendFrame(item.text.replyFrame(item.prev, reply.messageId));
  else connection.queueEvent(item, epoch);
}

function hold({ connection, held }: Subscription, event: HeldEvent): void {
  if (held!.length >= MOST_HELD) connection.tooSlow();
  else held!.push(event);
}

/** Held events as another audience sees them: a role that was lost while a subscription was set up must not speak through them. */
export function projectAgain(held: readonly HeldEvent[], group: Group): HeldEvent[] {
  let prev: number | undefined;
  return held.flatMap(({ offset, event, item }): HeldEvent[] => {
    const data = item && seenBy(group, event);
    if (!item || data === undefined) return item ? [] : [{ offset, event, item }];
    const text = new EventText(event, data);
    const again: EventItem = { ...item, prev: prev ?? item.prev, text, size: text.size };
    prev = offset;
    return [{ offset, event, item: again }];
  });
}
