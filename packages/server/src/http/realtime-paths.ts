import { EVENTS_PATH, POLL_PATH } from './without-websocket.ts';

/**
 * The two routes for callers without a WebSocket [FB1][FB2], for the API's description. The real-time server answers them itself, before the HTTP
 * routes are looked at, so they have no schema to generate this from.
 */
export function realtimePaths(): Record<string, object> {
  const subscribe = {
    in: 'query', name: 'subscribe', required: true, schema: { type: 'string' },
    description: 'JSON list of { topic, filters?, since?: { epoch, offset } }',
  };
  const common = { tags: ['Real time'], security: [{ bearer: [] }, { session: [] }] };
  const refused = { '4XX': { description: 'Refused as on the WebSocket', content: { 'application/problem+json': {} } } };
  return {
    [EVENTS_PATH]: {
      get: {
        ...common, operationId: 'getRealtimeEvents', summary: 'Events as a stream of server-sent events.', description: 'For every role that may open a socket. `id:` is the cursor of all topics: Last-Event-ID goes on after it.',
        parameters: [subscribe, { in: 'header', name: 'Last-Event-ID', schema: { type: 'string' } }],
        responses: { 200: { description: 'The messages of the WebSocket as `data:`', content: { 'text/event-stream': { schema: { type: 'string' } } } }, ...refused },
      },
    },
    [POLL_PATH]: {
      get: {
        ...common, operationId: 'getRealtimePoll', summary: 'Events by long poll.', description: 'For every role that may open a socket. Answers as soon as there is something, or empty at the timeout.',
        parameters: [subscribe, { in: 'query', name: 'timeout', description: 'seconds', schema: { type: 'integer', minimum: 0, maximum: 55, default: 25 } }],
        responses: {
          200: { description: 'Messages, and where to go on', content: { 'application/json': { schema: { type: 'object', required: ['messages', 'cursors'], properties: { messages: { type: 'array', items: { type: 'object' } }, cursors: { type: 'object' } } } } } },
          ...refused,
        },
      },
    },
  };
}
