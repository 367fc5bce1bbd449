import Type, { type Static } from 'typebox';
import { ERROR_CODES } from './codes.ts';

/** WebSocket subprotocol of this contract. */
export const SUBPROTOCOL = 'clms.v1';
/** Prefix of the subprotocol entry by which a browser hands over its token [UP2]. */
export const BEARER_SUBPROTOCOL_PREFIX = 'bearer.';

export const Instant = Type.String({ format: 'date-time', description: 'ISO 8601, UTC, with milliseconds' });
export const Id = Type.String({ minLength: 1, maxLength: 128 });

/** Place in the history of one topic [POS1]. An offset means nothing without its epoch. */
export const Position = Type.Object({ epoch: Type.String({ minLength: 1, maxLength: 64 }), offset: Type.Integer({ minimum: 0 }) }, { additionalProperties: false });
export type Position = Static<typeof Position>;

/** What every frame from the server carries [ENV3]. Topic events add `topic`, `offset` and `prev`; answers add `replyTo`. */
export interface ServerEnvelope<T extends string = string, D = unknown> {
  id: string;
  timestamp: string;
  type: T;
  data: D;
  replyTo?: string;
  topic?: string;
  offset?: number;
  prev?: number;
}

/** What a client sends [ENV2]. */
export interface ClientEnvelope<T extends string = string, D = unknown> {
  type: T;
  data: D;
  id?: string;
  timestamp?: string;
}

export const ErrorData = Type.Object({
  code: Type.Enum(ERROR_CODES),
  message: Type.String(),
  details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  timestamp: Instant,
});
export type ErrorData = Static<typeof ErrorData>;

/** Deepest nesting accepted from a client [ENV5]. */
export const MAX_NESTING = 16;
/** Keys that could reach an object's prototype; refused at any depth [ENV5]. */
export const FORBIDDEN_KEYS = ['__proto__', 'constructor', 'prototype'] as const;
/** Whether text can be kept and sent on as it is: no zero, which Postgres takes in no text, and no half of a surrogate pair, which UTF-8 cannot write. */
export const isStorableText = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
/** Name of a custom message type [DIR3]. */
export const CUSTOM_TYPE = /^[a-z][a-z0-9_]{0,63}$/;
