import type { Environment } from './environment.ts';
import { openHttpTransport } from './http-transport.ts';
import { parseFrame } from './parse-frame.ts';
import { SseParser } from './sse-parser.ts';
import type { Transport, TransportRequest } from './transport.ts';

/** Server-sent events read by `fetch`, so that the token travels in a header. */
export function openEventStream(env: Environment, fetch: NonNullable<Environment['fetch']>, url: string, request: TransportRequest): Transport {
  const { events } = request;
  return openHttpTransport(env, fetch, {
    kind: 'sse',
    url,
    query: {},
    async read(response, { current, alive }) {
      const parser = new SseParser();
      const text = new TextDecoder();
      // Read by hand: Safari's streams are not async iterable.
      const reader = response.body!.getReader();
      for (let piece = await reader.read(); !piece.done && current(); piece = await reader.read()) {
        alive();
        for (const data of parser.push(text.decode(piece.value, { stream: true }))) {
          if (!current()) return;
          const frame = parseFrame(data);
          if (frame) events.onFrame(frame);
          else events.onMalformed(data);
        }
      }
    },
  }, request);
}
