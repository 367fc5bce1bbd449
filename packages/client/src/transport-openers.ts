import type { TransportOpeners } from './connection.ts';
import type { Environment } from './environment.ts';
import { openLongPoll } from './poll-transport.ts';
import { openEventStream } from './sse-transport.ts';
import { openWebSocket } from './ws-transport.ts';

/** Where the server is. */
export interface Endpoints {
  /** WebSocket URL; default `/ws` of the page's own origin. */
  readonly url?: string;
  /** Origin of the HTTP API for the fallbacks; default the page's own. */
  readonly httpUrl?: string;
}

/** The ways to the server that this environment has. */
export function transportOpeners(env: Environment, endpoints: Endpoints): TransportOpeners {
  const page = globalThis.location as Location | undefined;
  const url = endpoints.url ?? (page && `${page.origin.replace(/^http/, 'ws')}/ws`);
  const httpUrl = endpoints.httpUrl ?? page?.origin;
  const { openSocket, fetch } = env;
  return {
    ...(openSocket && url && { ws: (request) => openWebSocket(openSocket, url, request) }),
    ...(fetch && httpUrl && { sse: (request) => openEventStream(env, fetch, `${httpUrl}/api/realtime/events`, request) }),
    ...(fetch && httpUrl && { poll: (request) => openLongPoll(env, fetch, `${httpUrl}/api/realtime/poll`, request) }),
  };
}
