import type { ActionOutcome } from './action.ts';

/** What an answer means for a command. */
export type Verdict =
  | { readonly kind: 'done'; readonly outcome: ActionOutcome }
  /** Worth asking again, not before `afterMs`. */
  | { readonly kind: 'retry'; readonly problem: string; readonly afterMs: number }
  /** The token counts no more. */
  | { readonly kind: 'new_token' };

/** Reads an HTTP answer (`body` parsed, or undefined if it is no JSON). */
export function verdictOf(status: number, headers: Headers, body: unknown): Verdict {
  if (status >= 200 && status < 300) {
    const before = headers.get('Idempotent-Replayed') === 'true' || (body as { result?: unknown } | undefined)?.result === 'ALREADY_COUNTED';
    return { kind: 'done', outcome: { kind: before ? 'duplicate' : 'applied', status, body } };
  }
  if (status === 401) return { kind: 'new_token' };
  if (status >= 500 || status === 408 || status === 425 || status === 429 || status < 400) {
    return { kind: 'retry', problem: `HTTP ${status}`, afterMs: (Number(headers.get('Retry-After')) || 0) * 1_000 };
  }
  return { kind: 'done', outcome: { kind: 'conflict', status, body } };
}
