import Type, { type Static, type TSchema } from 'typebox';
import { ROLES } from './roles.ts';
import { ErrorData, Instant } from './envelope.ts';

const Role = Type.Enum(ROLES);
const TopicPosition = Type.Object({ epoch: Type.String(), offset: Type.Integer(), prev: Type.Integer() });

/** `data` of the messages that belong to the connection itself, by type. Topic events are in `topics.ts`. */
export const SERVER_MESSAGES = {
  welcome: Type.Object({
    clientId: Type.String(),
    userId: Type.String(),
    username: Type.String(),
    role: Role,
    serverTime: Instant,
    availableSubscriptions: Type.Array(Type.String()),
    protocol: Type.String(),
    sessionId: Type.String(),
    heartbeatInterval: Type.Integer({ description: 'milliseconds' }),
    tokenExpiresAt: Type.Union([Instant, Type.Null()]),
    limits: Type.Object({
      maxPayload: Type.Integer({ description: 'bytes' }),
      messagesPerSecond: Type.Number(),
      burst: Type.Integer(),
      maxSubscriptions: Type.Integer(),
    }),
  }),
  subscribed: Type.Object({
    topic: Type.String(),
    filters: Type.Record(Type.String(), Type.Unknown()),
    epoch: Type.String(),
    offset: Type.Integer(),
    recovered: Type.Optional(Type.Boolean()),
    snapshot: Type.Optional(Type.Unknown()),
  }),
  unsubscribed: Type.Object({ topic: Type.String(), reason: Type.String() }),
  pong: Type.Object({ timestamp: Type.Optional(Type.String()), serverTime: Instant, positions: Type.Record(Type.String(), TopicPosition) }),
  status: Type.Object({
    clientId: Type.String(),
    userId: Type.String(),
    role: Role,
    connectedAt: Instant,
    subscriptions: Type.Array(Type.Object({ topic: Type.String(), filters: Type.Record(Type.String(), Type.Unknown()), offset: Type.Integer() })),
    queue: Type.Object({ messages: Type.Integer(), bytes: Type.Integer() }),
    limits: Type.Record(Type.String(), Type.Unknown()),
    latencyMs: Type.Union([Type.Number(), Type.Null()]),
    server: Type.Object({ nodeId: Type.String(), version: Type.String(), uptimeSeconds: Type.Number(), state: Type.Enum(['ok', 'degraded', 'draining']) }),
  }),
  authenticated: Type.Object({ expiresAt: Instant, role: Role }),
  acked: Type.Object({ id: Type.String(), state: Type.String() }),
  error: ErrorData,
  batch: Type.Object({ messages: Type.Array(Type.Unknown()) }),
  position: Type.Object({ topic: Type.String(), offset: Type.Integer() }),
  gap: Type.Object({ topic: Type.String(), from: Type.Integer(), to: Type.Integer(), reason: Type.Enum(['SLOW', 'EPOCH']), epoch: Type.String() }),
  token_expiring: Type.Object({ expiresAt: Instant }),
  reconnect: Type.Object({ reason: Type.String(), delayMs: Type.Integer() }),
} as const satisfies Record<string, TSchema>;

export type ServerMessageType = keyof typeof SERVER_MESSAGES;
export type ServerMessageData<T extends ServerMessageType> = Static<(typeof SERVER_MESSAGES)[T]>;

/** Types that no application may send as a custom direct message [DIR3], and that a client may not send at all [TOP4]. */
export const SERVER_MESSAGE_TYPES = Object.keys(SERVER_MESSAGES) as ServerMessageType[];
