import { noTimer, type Cancel } from './clock.ts';
import type { Environment } from './environment.ts';
import { fallbackGet, refusedBy, type Fetch } from './fallback-request.ts';
import { parseFrame } from './parse-frame.ts';
import { SseParser } from './sse-parser.ts';
import type { Transport, TransportRequest } from './transport.ts';

/** The server writes a comment every 15 s; two missing ones mean that the stream is dead. */
const SILENCE_ALLOWED_MS = 40_000;
/** Subscriptions of one render come together and should cost one request. */
const GATHER_MS = 50;

/** Server-sent events read by `fetch`, so that the token travels in a header. */
export function openEventStream(env: Environment, fetch: Fetch, url: string, request: TransportRequest): Transport {
  const { events } = request;
  let closed = false;
  let abort = new AbortController();
  let cancelSilence: Cancel = noTimer;
  let cancelGather: Cancel = noTimer;

  const end = (reason: string) => {
    if (closed) return;
    close();
    events.onEnd({ code: 1006, reason });
  };
  const close = () => {
    closed = true;
    cancelSilence();
    cancelGather();
    abort.abort();
  };
  const alive = () => {
    cancelSilence();
    cancelSilence = env.setTimer(SILENCE_ALLOWED_MS, () => end('event stream fell silent'));
    events.onLife();
  };
  const take = (data: string) => {
    const frame = parseFrame(data);
    if (frame) events.onFrame(frame);
    else events.onMalformed(data);
  };

  const resubscribe = () => {
    cancelGather();
    cancelGather = env.setTimer(GATHER_MS, () => {
      abort.abort();
      void run();
    });
  };

  const run = async () => {
    const mine = (abort = new AbortController());
    const current = () => !closed && mine === abort;
    const subscribe = JSON.stringify(request.wanted());
    try {
      const response = await fallbackGet(fetch, url, request.token, { subscribe }, mine.signal);
      if (!current()) return;
      if (!response.ok || !response.body) {
        const refusal = await refusedBy(response);
        if (!current()) return;
        close();
        return events.onEnd(refusal);
      }
      alive();
      events.onReady();
      // Something was subscribed while the request was on its way.
      if (subscribe !== JSON.stringify(request.wanted())) resubscribe();
      const parser = new SseParser();
      const text = new TextDecoder();
      // Read by hand: Safari's streams are not async iterable.
      const reader = response.body.getReader();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        if (!current()) return;
        alive();
        for (const data of parser.push(text.decode(piece.value, { stream: true }))) {
          if (!current()) return;
          take(data);
        }
      }
      if (current()) end('event stream ended');
    } catch (error) {
      if (current()) end(`event stream failed: ${String(error)}`);
    }
  };
  void run();

  return { kind: 'sse', resubscribe, close };
}
