import Type, { type Static, type TObject } from 'typebox';
import { Id, Instant, Position } from './envelope.ts';

const closed = { additionalProperties: false } as const;

/** A filter: each key holds a value or a list of values. Lists are OR, keys are AND. */
export const Filters = Type.Record(
  Type.String({ minLength: 1, maxLength: 64 }),
  Type.Union([Type.String({ maxLength: 200 }), Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: 100 })]),
);
export type Filters = Record<string, string | string[]>;

/** `data` of each message a client may send (protocol §3), by type. */
export const CLIENT_MESSAGES = {
  subscribe: Type.Object(
    { topic: Type.String({ minLength: 1, maxLength: 64 }), filters: Type.Optional(Filters), since: Type.Optional(Position), snapshot: Type.Optional(Type.Boolean()) },
    closed,
  ),
  unsubscribe: Type.Object({ topic: Type.String({ minLength: 1, maxLength: 64 }) }, closed),
  ping: Type.Object({ timestamp: Type.Optional(Instant) }, closed),
  get_status: Type.Object({}, closed),
  authenticate: Type.Object({ token: Type.String({ minLength: 1, maxLength: 8192 }) }, closed),
  ack: Type.Object({ id: Id, state: Type.Enum(['delivered', 'seen', 'acknowledged']) }, closed),
  batch: Type.Object(
    { messages: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 100 }), batchId: Type.Optional(Id), timestamp: Type.Optional(Instant) },
    closed,
  ),
  chat: Type.Object(
    { room: Type.String({ minLength: 1, maxLength: 100 }), text: Type.String({ minLength: 1, maxLength: 2000 }), clientMessageId: Id },
    closed,
  ),
  presence: Type.Object(
    { state: Type.Enum(['active', 'away']), page: Type.Optional(Type.String({ maxLength: 200 })), editing: Type.Optional(Type.String({ maxLength: 200 })) },
    closed,
  ),
} as const satisfies Record<string, TObject>;

export type ClientMessageType = keyof typeof CLIENT_MESSAGES;
export type ClientMessageData<T extends ClientMessageType> = Static<(typeof CLIENT_MESSAGES)[T]>;
export const CLIENT_MESSAGE_TYPES = Object.keys(CLIENT_MESSAGES) as ClientMessageType[];
