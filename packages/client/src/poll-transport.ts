import { noTimer, type Cancel } from './clock.ts';
import type { Environment } from './environment.ts';
import { fallbackGet, refusedBy, type Fetch } from './fallback-request.ts';
import { isEnvelope } from './parse-frame.ts';
import type { Transport, TransportRequest } from './transport.ts';

/** How long the server may hold a poll open, in seconds. */
const HOLD_SECONDS = 25;
/** Beyond the hold: the way there and back. */
const ANSWER_WITHIN_MS = (HOLD_SECONDS + 15) * 1_000;
const GATHER_MS = 50;
/** An answer without an event that came at once (a refusal, say) must not become a loop without pause. */
const PAUSE_MS = 1_000;

interface PollAnswer {
  readonly messages: readonly unknown[];
  readonly cursors?: Readonly<Record<string, { readonly epoch: string; readonly offset: number }>>;
}

/** Long polling: one request after another, each with the positions reached so far. */
export function openLongPoll(env: Environment, fetch: Fetch, url: string, request: TransportRequest): Transport {
  const { events } = request;
  let closed = false;
  let ready = false;
  let abort = new AbortController();
  let cancelDeadline: Cancel = noTimer;
  let cancelNext: Cancel = noTimer;

  const close = () => {
    closed = true;
    cancelDeadline();
    cancelNext();
    abort.abort();
  };
  const take = ({ messages, cursors = {} }: PollAnswer, at: string) => {
    for (const message of messages) {
      if (closed) return;
      if (isEnvelope(message)) events.onFrame(message);
      else events.onMalformed(JSON.stringify(message));
    }
    if (closed) return;
    // The cursor may be ahead of the last message: events in between were not for this client.
    for (const [topic, { offset }] of Object.entries(cursors)) events.onFrame({ id: `cursor_${topic}_${offset}`, timestamp: at, type: 'position', data: { topic, offset } });
  };

  const run = async () => {
    const mine = (abort = new AbortController());
    const current = () => !closed && mine === abort;
    cancelDeadline();
    cancelDeadline = env.setTimer(ANSWER_WITHIN_MS, () => mine.abort());
    try {
      const response = await fallbackGet(fetch, url, request.token, { subscribe: JSON.stringify(request.wanted()), timeout: String(HOLD_SECONDS) }, mine.signal);
      if (!current()) return;
      if (!response.ok) {
        const refusal = await refusedBy(response);
        if (!current()) return;
        close();
        return events.onEnd(refusal);
      }
      const answer = (await response.json()) as PollAnswer;
      if (!current()) return;
      if (!ready) {
        ready = true;
        events.onReady();
      }
      take(answer, new Date(Date.parse(response.headers.get('Date') ?? '') || env.now()).toISOString());
      next(answer.messages.some((message) => isEnvelope(message) && message.offset !== undefined) ? 0 : PAUSE_MS);
    } catch (error) {
      if (!current()) return;
      close();
      events.onEnd({ code: 1006, reason: `poll failed: ${String(error)}` });
    }
  };
  const next = (delayMs: number) => {
    if (closed) return;
    cancelNext();
    cancelNext = env.setTimer(delayMs, () => {
      abort.abort();
      void run();
    });
  };
  void run();

  return { kind: 'poll', resubscribe: () => next(GATHER_MS), close };
}
