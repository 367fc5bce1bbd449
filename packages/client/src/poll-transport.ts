import type { Environment } from './environment.ts';
import { openHttpTransport } from './http-transport.ts';
import { isEnvelope } from './parse-frame.ts';
import type { Transport, TransportRequest } from './transport.ts';

/** How long the server may hold a poll open, in seconds. */
const HOLD_SECONDS = '25';
/** An answer without an event that came at once (a refusal, say) must not become a loop without pause. */
const PAUSE_MS = 1_000;

interface PollAnswer {
  readonly messages: readonly unknown[];
  readonly cursors?: Readonly<Record<string, { readonly epoch: string; readonly offset: number }>>;
}

/** Long polling: one request after another, each with the positions reached so far. */
export function openLongPoll(env: Environment, fetch: NonNullable<Environment['fetch']>, url: string, request: TransportRequest): Transport {
  const { events } = request;
  return openHttpTransport(env, fetch, {
    kind: 'poll',
    url,
    query: { timeout: HOLD_SECONDS },
    async read(response, { current, askAgain }) {
      const { messages, cursors = {} } = (await response.json()) as PollAnswer;
      let pauseMs = PAUSE_MS;
      for (const message of messages) {
        if (!current()) return;
        if (!isEnvelope(message)) {
          events.onMalformed(JSON.stringify(message));
          continue;
        }
        if (message.offset !== undefined) pauseMs = 0;
        events.onFrame(message);
      }
      if (!current()) return;
      // The cursor may be ahead of the last message: events in between were not for this client.
      const timestamp = new Date(Date.parse(response.headers.get('Date') ?? '') || env.now()).toISOString();
      for (const [topic, { offset }] of Object.entries(cursors)) events.onFrame({ id: `cursor_${topic}_${offset}`, timestamp, type: 'position', data: { topic, offset } });
      askAgain(pauseMs);
    },
  }, request);
}
