import { INBOX, type ClientMessageData } from '@clms/protocol';
import type { Broker, TopicEvent } from './broker.ts';
import type { Connection } from './connection.ts';
import { EventText } from './event-text.ts';
import { projectFor, selectFor } from './fan-out.ts';
import { normaliseFilters } from './filters.ts';
import type { Inbox } from './inbox.ts';
import type { Counters } from './metrics.ts';
import { DONE, invalidMessage, type Outcome } from './outcome.ts';
import type { Subscription, SubscriptionIndex } from './subscription-index.ts';
import type { NormalFilters, TopicDefinition } from './topic.ts';

/** What subscribing needs of the engine. */
export interface SubscribeContext {
  readonly topics: ReadonlyMap<string, TopicDefinition>;
  readonly index: SubscriptionIndex;
  readonly broker: Broker;
  readonly inbox: Inbox;
  readonly counters: Counters;
  readonly maxSubscriptions: number;
}

/** Events given to `snapshot` as history at most. */
const MOST_HISTORY = 10_000;
/** Events replayed before the reader is asked whether it keeps up. */
const REPLAY_CHUNK = 200;

/**
 * Subscribes without a seam [SUB2]: joins the group first, holding live events back; takes the position; reads the replay or the snapshot
 * at it; sends `subscribed`, the replay, `position`; then lets the held events follow. Whatever is published meanwhile is in exactly one of them.
 */
export async function subscribe(context: SubscribeContext, connection: Connection, data: ClientMessageData<'subscribe'>, replyTo: string | undefined): Promise<Outcome> {
  const topic = context.topics.get(data.topic);
  if (!topic) return invalidMessage(`There is no topic "${data.topic}".`, 'data.topic', [...context.topics.keys()]);
  const audience = topic.audience(connection.identity);
  if (!audience) return { kind: 'error', code: 'UNAUTHORIZED', message: `The topic "${data.topic}" is not for ${connection.identity.role}.`, details: { topic: data.topic } };
  const filters = normaliseFilters(topic, data.filters);
  if (filters.kind === 'wrong') return invalidMessage(`${filters.path} is not something "${data.topic}" can be filtered by.`, filters.path, filters.expected);
  const before = connection.subscriptions.get(topic.name);
  // The inbox is everybody's and does not count.
  const others = [...connection.subscriptions.keys()].filter((name) => name !== INBOX && name !== topic.name).length;
  if (topic.name !== INBOX && others >= context.maxSubscriptions) return invalidMessage(`At most ${context.maxSubscriptions} topics at a time.`, 'data.topic', `at most ${context.maxSubscriptions} subscriptions`);

  const position = context.broker.position(topic.name);
  const subscription = context.index.join(connection, topic, audience, filters.filters, filters.key, position.offset);
  subscription.held = [];
  if (before) context.index.leave(before);
  connection.subscriptions.set(topic.name, subscription);
  connection.forgetGaps(topic.name);

  const replay = data.since ? await context.broker.since(topic.name, data.since) : undefined;
  if (data.since) context.counters.reconnects++;
  const base = { topic: topic.name, filters: filters.filters, epoch: position.epoch, offset: position.offset };
  if (replay?.kind === 'events') {
    // On several nodes a client may come from one that was ahead of this one: what it has, it does not get again.
    subscription.floor = Math.max(position.offset, data.since!.offset);
    connection.send('subscribed', { ...base, recovered: true, ...(data.snapshot === true && { snapshot: await snapshotOf(context, connection, topic, filters.filters) }) }, replyTo);
    await sendReplay(connection, topic, subscription, replay.events, data.since!.offset);
    connection.send('position', { topic: topic.name, offset: subscription.floor });
  } else {
    const wanted = replay !== undefined || data.snapshot !== false;
    const snapshot = wanted ? await snapshotOf(context, connection, topic, filters.filters) : undefined;
    connection.send('subscribed', { ...base, ...(replay && { recovered: false }), ...(snapshot !== undefined && { snapshot }) }, replyTo);
  }
  if (topic.name === INBOX && (replay?.kind !== 'events' || replay.events.length > 0)) {
    context.inbox.delivered(connection.identity.userId, replay?.kind === 'events' ? data.since!.offset : 0, subscription.floor);
  }
  release(connection, topic, subscription, position.epoch);
  return DONE;
}

/** The implicit subscription of every connection: live from its position, nothing said. */
export function joinInbox(context: SubscribeContext, connection: Connection): void {
  const topic = context.inbox.definition as TopicDefinition;
  const audience = topic.audience(connection.identity)!;
  connection.subscriptions.set(topic.name, context.index.join(connection, topic, audience, {}, '{}', context.broker.position(topic.name).offset));
}

/** [AUTH3] Judges every subscription by the connection's present identity: moves it to its new audience, or ends it. */
export function rejudge(context: SubscribeContext, connection: Connection): void {
  for (const [name, before] of connection.subscriptions) {
    const { topic, filters, filterKey } = before.group;
    const audience = topic.audience(connection.identity);
    if (audience?.key === before.group.audience.key) continue;
    context.index.leave(before);
    if (!audience) {
      connection.subscriptions.delete(name);
      connection.forgetGaps(name);
      connection.send('unsubscribed', { topic: name, reason: 'FORBIDDEN' });
      continue;
    }
    const after = context.index.join(connection, topic, audience, filters, filterKey, context.broker.position(name).offset);
    after.floor = before.floor;
    after.held = before.held;
    connection.subscriptions.set(name, after);
  }
}

async function snapshotOf(context: SubscribeContext, connection: Connection, topic: TopicDefinition, filters: NormalFilters): Promise<unknown> {
  if (!topic.snapshot) return undefined;
  const audience = topic.audience(connection.identity);
  if (!audience) return undefined;
  return topic.snapshot({ identity: connection.identity, audience, filters, history: () => context.broker.recent(topic.name, MOST_HISTORY) });
}

async function sendReplay(connection: Connection, topic: TopicDefinition, subscription: Subscription, events: readonly TopicEvent[], since: number): Promise<void> {
  let prev = since;
  let sent = 0;
  for (const event of events) {
    if (event.offset > subscription.floor || connection.isClosed) return;
    const { group } = subscription;
    const projected = projectFor(topic, event, group.audience);
    const data = projected && selectFor(topic, event, group, projected);
    if (data === undefined) continue;
    connection.sendFrame(new EventText(event, data).frame(prev));
    prev = event.offset;
    if (++sent % REPLAY_CHUNK === 0) await connection.room();
  }
}

function release(connection: Connection, topic: TopicDefinition, subscription: Subscription, epoch: string): void {
  const held = subscription.held;
  subscription.held = undefined;
  for (const { offset, prev, text, entity } of held ?? []) {
    if (offset <= subscription.floor) continue;
    if (text) connection.queueEvent({ kind: 'event', topic: topic.name, offset, prev, text, delivery: topic.delivery, entity }, epoch);
    else connection.send('position', { topic: topic.name, offset });
  }
}
