import type { Credential, Fallbacks } from '@clms/realtime';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refreshTokenFrom } from './refresh-cookie.ts';

export const EVENTS_PATH = '/api/realtime/events';
export const POLL_PATH = '/api/realtime/poll';

/**
 * Hands the two routes for callers without a WebSocket [FB1] [FB2] to the engine. The refresh cookie counts as a credential there, so that a
 * browser's own EventSource can come back [FB4]. False = another route, not answered.
 */
export function answerWithoutWebSocket(fallbacks: Fallbacks, allowedOrigins: readonly string[] | undefined, request: IncomingMessage, response: ServerResponse): boolean {
  const path = (request.url ?? '/').split('?', 1)[0];
  if (request.method !== 'GET' || (path !== EVENTS_PATH && path !== POLL_PATH)) return false;
  response.setHeader('X-Content-Type-Options', 'nosniff');
  const { origin } = request.headers;
  if (origin !== undefined && allowedOrigins?.includes(origin)) {
    response.setHeader('Access-Control-Allow-Origin', origin).setHeader('Access-Control-Allow-Credentials', 'true').setHeader('Vary', 'Origin');
  }
  const cookie = refreshTokenFrom(request.headers.cookie);
  const extra: Credential | undefined = cookie === undefined ? undefined : { session: cookie };
  void (path === EVENTS_PATH ? fallbacks.handleEvents(request, response, extra) : fallbacks.handlePoll(request, response, extra));
  return true;
}
