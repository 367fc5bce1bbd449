import { INBOX } from '@clms/protocol';
import type { IncomingMessage } from 'node:http';
import { parseCursors, type Cursor } from './cursor.ts';

/** What a request without a socket wants: subscriptions as a client would send them, each with the position to go on from. */
export type FallbackRequest =
  | { readonly kind: 'ok'; readonly wanted: readonly Record<string, unknown>[]; readonly since: ReadonlyMap<string, Cursor>; readonly timeoutMs: number }
  | { readonly kind: 'malformed'; readonly reason: string };

const MOST_SUBSCRIPTIONS = 64;
const DEFAULT_HOLD_S = 25;
/** Proxies cut silent requests at 60 s [LIVE2]. */
const LONGEST_HOLD_S = 55;
/** A position that no history has: asking for it is answered by a snapshot, not by silence [SUB3]. */
const NOWHERE: Cursor = { epoch: 'unknown', offset: 0 };

/** Reads `subscribe`, `timeout` and `Last-Event-ID`. A position in `Last-Event-ID` is newer than the one in the URL it comes back to. */
export function readFallbackRequest(request: IncomingMessage): FallbackRequest {
  const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
  const wanted = parseList(query.get('subscribe') ?? '[]');
  if (!wanted) return { kind: 'malformed', reason: 'subscribe must be a JSON list of { topic, filters, since }' };
  if (wanted.length > MOST_SUBSCRIPTIONS) return { kind: 'malformed', reason: `subscribe may list at most ${MOST_SUBSCRIPTIONS} topics` };
  const timeout = Number(query.get('timeout') ?? DEFAULT_HOLD_S);
  if (!Number.isFinite(timeout) || timeout < 0) return { kind: 'malformed', reason: 'timeout is a number of seconds' };
  const since = new Map<string, Cursor>();
  for (const entry of wanted) if (isCursor(entry['since'])) since.set(String(entry['topic']), entry['since']);
  const last = request.headers['last-event-id'];
  if (typeof last === 'string' && last !== '') resume(wanted, since, parseCursors(last));
  return { kind: 'ok', wanted, since, timeoutMs: Math.min(timeout, LONGEST_HOLD_S) * 1000 };
}

function resume(wanted: Record<string, unknown>[], since: Map<string, Cursor>, cursors: ReadonlyMap<string, Cursor> | undefined): void {
  // Direct messages come unasked; after a pause they are asked for.
  if (cursors?.has(INBOX) && !wanted.some((entry) => entry['topic'] === INBOX)) wanted.push({ topic: INBOX });
  for (const entry of wanted) {
    const cursor = cursors ? cursors.get(String(entry['topic'])) : NOWHERE;
    if (!cursor) continue;
    entry['since'] = cursor;
    since.set(String(entry['topic']), cursor);
  }
}

function parseList(text: string): Record<string, unknown>[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) && list.every((entry) => typeof entry === 'object' && entry !== null) ? list : undefined;
  } catch {
    return undefined; // said to the client as malformed
  }
}

function isCursor(value: unknown): value is Cursor {
  return typeof value === 'object' && value !== null && typeof (value as Cursor).epoch === 'string' && Number.isSafeInteger((value as Cursor).offset);
}
