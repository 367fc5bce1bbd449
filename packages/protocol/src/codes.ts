/** Codes of an `error` message [ENV6]. */
export const ERROR_CODES = ['INVALID_MESSAGE', 'UNAUTHORIZED', 'RATE_LIMIT', 'MESSAGE_HANDLER_ERROR', 'SERVER_ERROR'] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** WebSocket close codes and what they tell the client (protocol §9). */
export const CLOSE = {
  NORMAL: 1000,
  GOING_AWAY: 1001,
  UNSUPPORTED_DATA: 1003,
  INVALID_UTF8: 1007,
  POLICY: 1008,
  TOO_BIG: 1009,
  RESTART: 1012,
  UNAUTHENTICATED: 4401,
  FORBIDDEN: 4403,
  NO_SIGN_OF_LIFE: 4408,
  TOO_MANY: 4429,
  SLOW_READER: 4508,
} as const;
export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];

/** Why the server takes a subscription away unasked. */
export const UNSUBSCRIBE_REASONS = ['REQUESTED', 'FORBIDDEN'] as const;
