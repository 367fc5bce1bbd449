import { INBOX, type ClientMessageData } from '@clms/protocol';
import type { Broker, History, TopicEvent, TopicPosition } from './broker.ts';
import type { Connection } from './connection.ts';
import { EventText } from './event-text.ts';
import { projectAgain } from './fan-out.ts';
import { normaliseFilters, wantedBy } from './filters.ts';
import type { Inbox } from './inbox.ts';
import type { Counters } from './metrics.ts';
import { DONE, invalidMessage, type Outcome } from './outcome.ts';
import { seenBy } from './projection.ts';
import { holdBack, type Subscription, type SubscriptionIndex } from './subscription-index.ts';
import type { TopicDefinition } from './topic.ts';

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
 * When reading fails, the subscription that was there before goes on as if nothing had been asked.
 */
export async function subscribe(context: SubscribeContext, connection: Connection, data: ClientMessageData<'subscribe'>, replyTo: string | undefined): Promise<Outcome> {
  // What joins for a connection that is gone would stay for ever: nobody ends it.
  if (connection.isClosed) return DONE;
  const topic = context.topics.get(data.topic);
  if (!topic) return invalidMessage(`There is no topic "${data.topic}".`, 'data.topic', [...context.topics.keys()]);
  const audience = topic.audience(connection.identity);
  if (!audience) return notForRole(connection, topic);
  const filters = normaliseFilters(topic, data.filters);
  if (filters.kind === 'wrong') return invalidMessage(`${filters.path} is not something "${data.topic}" can be filtered by.`, filters.path, filters.expected);
  // The inbox is everybody's and does not count.
  const others = [...connection.subscriptions.keys()].filter((name) => name !== INBOX && name !== topic.name).length;
  if (topic.name !== INBOX && others >= context.maxSubscriptions) return invalidMessage(`At most ${context.maxSubscriptions} topics at a time.`, 'data.topic', `at most ${context.maxSubscriptions} subscriptions`);

  const before = connection.subscriptions.get(topic.name);
  const position = () => context.broker.position(topic.name);
  const subscription = context.index.join(connection, topic, audience, filters.filters, filters.key, position().offset);
  subscription.asked = filters.asked;
  holdBack(subscription);
  if (before) holdBack(before);
  subscription.replaces = before;
  connection.subscriptions.set(topic.name, subscription);
  let outcome: Outcome;
  try {
    outcome = await fill(context, subscription, position, data, replyTo);
  } catch (error) {
    if (isCurrent(subscription)) giveBack(context, subscription, position().epoch);
    throw error;
  }
  if (isCurrent(subscription)) release(subscription, position().epoch);
  return outcome;
}

/** Connections that went on from a position: each is one reconnect, however many topics it resumes. */
const returned = new WeakSet<Connection>();

/** Reads what the subscriber is to begin with, and sends it. */
async function fill(context: SubscribeContext, subscription: Subscription, newest: () => TopicPosition, { since, snapshot: wish }: ClientMessageData<'subscribe'>, replyTo: string | undefined): Promise<Outcome> {
  const { connection, group, replaces } = subscription;
  const { topic } = group;
  // Who asks again for what it has on this very connection has not been away. The inbox is everybody's from the start.
  if (since && (!replaces || topic.name === INBOX) && !returned.has(connection)) {
    returned.add(connection);
    context.counters.reconnects++;
  }
  let position: TopicPosition;
  let replay: History | undefined;
  let state: unknown;
  do {
    // On several nodes a client may come from one that was ahead of this one: by then this node has what the client has.
    replay = since && (await context.broker.since(topic.name, since));
    position = replay?.head ?? newest();
    subscription.floor = position.offset;
    const snapshot = replay?.kind === 'events' ? wish === true : replay !== undefined || wish !== false;
    state = snapshot ? await snapshotOf(context, subscription) : undefined;
    // The history may have been lost while it was read: the position then means nothing any more.
  } while (isCurrent(subscription) && newest().epoch !== position.epoch);
  const events = replay?.kind === 'events' ? replay.events : undefined;
  // The role may have changed meanwhile, and with it what this topic is to the client.
  if (!isCurrent(subscription)) return connection.isClosed ? DONE : notForRole(connection, topic);
  settle(context, subscription);
  connection.send('subscribed', { topic: topic.name, filters: subscription.asked, epoch: position.epoch, offset: position.offset, ...(replay && { recovered: events !== undefined }), ...(state !== undefined && { snapshot: state }) }, replyTo);
  if (events) {
    await sendReplay(subscription, events, since!.offset);
    if (!isCurrent(subscription)) return DONE;
    connection.send('position', { topic: topic.name, offset: subscription.floor });
  }
  if (topic.name === INBOX) context.inbox.delivered(connection.identity.userId, events ? since!.offset : 0, subscription.floor);
  return DONE;
}

/** From here on the new subscription counts, not the one it replaces. */
function settle(context: SubscribeContext, subscription: Subscription): void {
  if (subscription.replaces) context.index.leave(subscription.replaces);
  subscription.replaces = undefined;
  subscription.connection.forgetGaps(subscription.group.topic.name);
}

function giveBack(context: SubscribeContext, subscription: Subscription, epoch: string): void {
  const { connection, group, replaces } = subscription;
  subscription.replaces = undefined;
  context.index.leave(subscription);
  if (replaces) {
    connection.subscriptions.set(group.topic.name, replaces);
    release(replaces, epoch);
  } else connection.subscriptions.delete(group.topic.name);
}

/** False = unsubscribed, forbidden or closed meanwhile. */
function isCurrent(subscription: Subscription): boolean {
  const { connection, group } = subscription;
  return !connection.isClosed && connection.subscriptions.get(group.topic.name) === subscription;
}

function notForRole({ identity }: Connection, { name }: TopicDefinition): Outcome {
  return { kind: 'error', code: 'UNAUTHORIZED', message: `The topic "${name}" is not for ${identity.role}.`, details: { topic: name } };
}

/** The implicit subscription of every connection: live from its position, nothing said. */
export function joinInbox(context: SubscribeContext, connection: Connection): void {
  const topic = context.inbox.definition as TopicDefinition;
  const audience = topic.audience(connection.identity)!;
  connection.subscriptions.set(topic.name, context.index.join(connection, topic, audience, {}, '{}', context.broker.position(topic.name).offset));
}

/** [AUTH3] Judges every subscription by the connection's present identity: moves it to its new audience, or ends it. */
export function rejudge(context: SubscribeContext, connection: Connection): void {
  for (const [name, subscription] of connection.subscriptions) {
    const { topic, audience } = subscription.group;
    const now = topic.audience(connection.identity);
    if (now?.key === audience.key) continue;
    if (now) {
      const { offset } = context.broker.position(name);
      for (const one of subscription.replaces ? [subscription, subscription.replaces] : [subscription]) {
        context.index.move(one, now, offset);
        if (one.held) one.held = projectAgain(one.held, one.group);
      }
      continue;
    }
    endSubscription(context, subscription);
    connection.send('unsubscribed', { topic: name, reason: 'FORBIDDEN' });
  }
}

/** Ends a subscription, and with it one that it was about to replace. */
export function endSubscription({ index }: Pick<SubscribeContext, 'index'>, subscription: Subscription): void {
  const { connection, group, replaces } = subscription;
  index.leave(subscription);
  if (replaces) index.leave(replaces);
  connection.subscriptions.delete(group.topic.name);
  connection.forgetGaps(group.topic.name);
}

async function snapshotOf({ broker }: SubscribeContext, subscription: Subscription): Promise<unknown> {
  for (;;) {
    const { connection, group } = subscription;
    const { topic, audience, filters } = group;
    if (!topic.snapshot) return undefined;
    const snapshot = await topic.snapshot({ identity: connection.identity, audience, filters, wants: wantedBy(topic, filters), history: () => broker.recent(topic.name, MOST_HISTORY) });
    // Read for a role that is not the client's any more: once again, for the present one.
    if (subscription.group === group || !isCurrent(subscription)) return snapshot;
  }
}

async function sendReplay(subscription: Subscription, events: readonly TopicEvent[], since: number): Promise<void> {
  const { connection } = subscription;
  let prev = since;
  let sent = 0;
  for (const event of events) {
    if (event.offset > subscription.floor || !isCurrent(subscription)) return;
    if (event.excludeClientId === connection.clientId) continue;
    const data = seenBy(subscription.group, event);
    if (data === undefined) continue;
    connection.sendFrame(new EventText(event, data).frame(prev));
    prev = event.offset;
    if (++sent % REPLAY_CHUNK === 0) await connection.room();
  }
}

/** Lets held events follow: the subscription is live. */
function release(subscription: Subscription, epoch: string): void {
  const { connection, group, held } = subscription;
  subscription.held = undefined;
  for (const { offset, item } of held ?? []) {
    if (offset <= subscription.floor) continue;
    if (item) connection.queueEvent(item, epoch);
    else connection.withheld(group.topic.name, offset);
  }
}
