import { CLOSE, type ClientMessageData, type ClientMessageType } from '@clms/protocol';
import type { Connection } from './connection.ts';
import type { Identity } from './identity.ts';
import { DONE, invalidMessage, type Outcome } from './outcome.ts';
import { parseMessage, type Parsed } from './parse-message.ts';
import { endSubscription, rejudge, subscribe, type SubscribeContext } from './resume.ts';

/** Of a name that a client made up, as an error repeats it. */
const LONGEST_TOPIC = 64;

/** Answer of the application about a credential. */
export type AuthResult =
  | { readonly kind: 'ok'; readonly identity: Identity }
  /** `reason` is for the security log and the caller; it never holds the credential. */
  | { readonly kind: 'refused'; readonly status: 401 | 403 | 400; readonly reason: string };

/** Messages that mean something to the application alone. A handler that throws did nothing, as far as the client is concerned. */
export interface Commands {
  readonly ack?: Command<'ack'>;
  readonly chat?: Command<'chat'>;
}
type Command<T extends ClientMessageType> = (sender: Sender, data: ClientMessageData<T>) => Promise<Outcome>;

export interface Sender {
  readonly clientId: string;
  readonly identity: Identity;
  readonly messageId: string | undefined;
  /** Whether this connection gets the events of a topic that have this value under a filter key. */
  follows(topic: string, key: string, value: string): boolean;
}

export interface HandlerContext extends SubscribeContext {
  readonly serverTypes: ReadonlySet<string>;
  readonly commands: Commands;
  readonly rateLimited: boolean;
  now(): number;
  wallNow(): number;
  authenticate(token: string): Promise<AuthResult>;
  /** [RATE1] What a user may send over all connections and nodes: 0, or milliseconds to wait. */
  takeUserTokens(userId: string, count: number): Promise<number>;
  /** False when this identity is not shown to others. */
  presence(connection: Connection, data: ClientMessageData<'presence'>): boolean;
  status(connection: Connection): unknown;
  failed(error: unknown, type: string): void;
}

/** Answers one message: what it may cost, whether it makes sense, what it asks. Never touches a socket. */
export async function handle(context: HandlerContext, connection: Connection, parsed: Parsed): Promise<void> {
  const waitMs = context.rateLimited ? await charge(context, connection, parsed) : 0;
  if (connection.isClosed) return;
  if (waitMs > 0) {
    connection.sendError('RATE_LIMIT', 'Too many messages. Wait a moment and send this one again.', { retryAfterMs: waitMs }, parsed.id);
    return;
  }
  if (parsed.kind === 'message' && parsed.type === 'batch') {
    for (const item of (parsed.data as ClientMessageData<'batch'>).messages) {
      if (connection.isClosed) return;
      await answerItem(context, connection, item);
    }
    return;
  }
  say(connection, await answer(context, connection, parsed), parsed.id);
}

/**
 * Answers a subscription that came in a request with others. It has no message id to reply to, so an error names its topic; the request was
 * charged as a whole.
 */
export async function answerSubscription(context: HandlerContext, connection: Connection, data: Readonly<Record<string, unknown>>): Promise<void> {
  const outcome = await answer({ ...context, rateLimited: false }, connection, parseMessage({ type: 'subscribe', data }, context.serverTypes));
  const topic = String(data['topic']).slice(0, LONGEST_TOPIC);
  say(connection, outcome.kind === 'error' ? { ...outcome, details: { ...outcome.details, topic } } : outcome, undefined);
}

async function answerItem(context: HandlerContext, connection: Connection, item: unknown): Promise<void> {
  const parsed = parseMessage(item, context.serverTypes);
  const nested = parsed.kind === 'message' && parsed.type === 'batch';
  const outcome = nested ? invalidMessage('A batch holds no batches.', 'data.messages', 'messages of other types') : await answer(context, connection, parsed);
  say(connection, outcome, parsed.id);
}

async function answer(context: HandlerContext, connection: Connection, parsed: Parsed): Promise<Outcome> {
  if (parsed.kind === 'wrong') return invalidMessage(parsed.message, parsed.path, parsed.expected);
  if (parsed.kind === 'forbidden') return { kind: 'error', code: 'UNAUTHORIZED', message: `"${parsed.type}" is sent by the server only.`, details: { type: parsed.type } };
  try {
    return await dispatch(context, connection, parsed.type, parsed.data, parsed.id);
  } catch (error) {
    context.failed(error, parsed.type);
    return { kind: 'error', code: 'MESSAGE_HANDLER_ERROR', message: 'The message could not be handled; nothing was done.' };
  }
}

function dispatch(context: HandlerContext, connection: Connection, type: ClientMessageType, data: never, id: string | undefined): Outcome | Promise<Outcome> {
  switch (type) {
    case 'subscribe': {
      const waitMs = context.rateLimited ? connection.subscribeBucket.take(1, context.now()) : 0;
      if (waitMs > 0) return { kind: 'error', code: 'RATE_LIMIT', message: 'Too many subscriptions at once.', details: { retryAfterMs: waitMs } };
      return subscribe(context, connection, data, id);
    }
    case 'unsubscribe': return unsubscribe(context, connection, data);
    case 'ping': return pong(context, connection, data);
    case 'get_status': return { kind: 'reply', type: 'status', data: context.status(connection) };
    case 'authenticate': return authenticate(context, connection, data);
    case 'presence':
      return context.presence(connection, data) ? DONE : { kind: 'error', code: 'UNAUTHORIZED', message: `Presence is not for ${connection.identity.role}.` };
    case 'ack':
    case 'chat': {
      const command = context.commands[type] as ((sender: Sender, data: never) => Promise<Outcome>) | undefined;
      if (!command) return invalidMessage(`"${type}" means nothing on this server.`, 'type', 'another type');
      return command({ clientId: connection.clientId, identity: connection.identity, messageId: id, follows: (topic, key, value) => follows(connection, topic, key, value) }, data);
    }
    case 'batch': return invalidMessage('A batch holds no batches.', 'type', 'another type');
  }
}

function follows(connection: Connection, topic: string, key: string, value: string): boolean {
  const group = connection.subscriptions.get(topic)?.group;
  return group !== undefined && (group.filters[key]?.some((wanted) => wanted.toLowerCase() === value.toLowerCase()) ?? true);
}

function unsubscribe(context: HandlerContext, connection: Connection, { topic }: ClientMessageData<'unsubscribe'>): Outcome {
  if (!context.topics.has(topic)) return invalidMessage(`There is no topic "${topic}".`, 'data.topic', [...context.topics.keys()]);
  const subscription = connection.subscriptions.get(topic);
  // The inbox stays: direct messages reach whoever is connected.
  if (subscription && topic !== context.inbox.definition.name) endSubscription(context, subscription);
  return { kind: 'reply', type: 'unsubscribed', data: { topic, reason: 'REQUESTED' } };
}

/** [POS3] Unasked, for clients that cannot ask. */
export function tellPositions(context: HandlerContext, connection: Connection): void {
  say(connection, pong(context, connection, {}), undefined);
}

/** [POS3] Queued behind the events before it, so that the positions are those a client has who has read so far. */
function pong(context: HandlerContext, connection: Connection, { timestamp }: ClientMessageData<'ping'>): Outcome {
  const positions: Record<string, { epoch: string; offset: number; prev: number }> = {};
  for (const [topic, { group }] of connection.subscriptions) {
    const { epoch, offset } = context.broker.position(topic);
    positions[topic] = { epoch, offset, prev: Math.min(group.lastMatch, offset) };
  }
  return { kind: 'reply', type: 'pong', data: { ...(timestamp !== undefined && { timestamp }), serverTime: new Date(context.wallNow()).toISOString(), positions } };
}

async function authenticate(context: HandlerContext, connection: Connection, { token }: ClientMessageData<'authenticate'>): Promise<Outcome> {
  const result = await context.authenticate(token);
  if (result.kind === 'refused') return { kind: 'error', code: 'UNAUTHORIZED', message: 'This token is not accepted.', details: { reason: result.reason } };
  const before = connection.identity;
  if (result.identity.userId !== before.userId) return { kind: 'close', code: CLOSE.UNAUTHENTICATED, reason: 'token of another user' };
  connection.identity = result.identity;
  connection.expiryWarned = false;
  connection.tokenSinceMs = context.now();
  if (result.identity.role !== before.role) rejudge(context, connection);
  return { kind: 'reply', type: 'authenticated', data: authenticatedData(result.identity) };
}

/** As whom, and until when, the connection counts from here on. */
export function authenticatedData({ expiresAt, role }: Identity): { readonly expiresAt: string | null; readonly role: string } {
  return { expiresAt: expiresAt === undefined ? null : new Date(expiresAt).toISOString(), role };
}

/** [RATE1] Tokens for so many messages at once. */
export const batchCost = (messages: number): number => Math.max(1, Math.ceil(messages / 10));

async function charge(context: HandlerContext, connection: Connection, parsed: Parsed): Promise<number> {
  const messages = parsed.kind === 'message' && parsed.type === 'batch' ? (parsed.data as ClientMessageData<'batch'>).messages.length : 1;
  const cost = batchCost(messages);
  return connection.bucket.take(cost, context.now()) || (await context.takeUserTokens(connection.identity.userId, cost));
}

function say(connection: Connection, outcome: Outcome, replyTo: string | undefined): void {
  switch (outcome.kind) {
    case 'reply': return connection.send(outcome.type, outcome.data, replyTo);
    case 'error': return connection.sendError(outcome.code, outcome.message, outcome.details, replyTo);
    case 'close': return connection.close(outcome.code, outcome.reason);
    case 'done': return;
  }
}
