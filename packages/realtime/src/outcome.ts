import type { ErrorCode } from '@clms/protocol';

/** What became of a client's message. Handlers say it; only the connection speaks to the socket. */
export type Outcome =
  | { readonly kind: 'reply'; readonly type: string; readonly data: unknown }
  | { readonly kind: 'error'; readonly code: ErrorCode; readonly message: string; readonly details?: Readonly<Record<string, unknown>> }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string }
  /** Answered already, or nothing to say. */
  | { readonly kind: 'done' };

export const DONE: Outcome = { kind: 'done' };

export function invalidMessage(message: string, path: string, expected: string | readonly string[]): Outcome {
  return { kind: 'error', code: 'INVALID_MESSAGE', message, details: { path, expected } };
}
