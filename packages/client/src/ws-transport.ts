import type { Environment } from './environment.ts';
import type { Transport, TransportRequest } from './transport.ts';
import { parseFrame } from './parse-frame.ts';
import { BEARER_SUBPROTOCOL_PREFIX, CLOSE_NORMAL, SUBPROTOCOL } from './wire-constants.ts';

/** A WebSocket that hands its token over as a subprotocol, since a page cannot set headers and URLs end up in logs [UP2]. */
export function openWebSocket(openSocket: NonNullable<Environment['openSocket']>, url: string, { token, events }: TransportRequest): Transport {
  const socket = openSocket(url, [SUBPROTOCOL, BEARER_SUBPROTOCOL_PREFIX + token]);
  // Safari may keep a dead socket OPEN and report its end minutes later: what has been given up is not listened to [CL3].
  let given = false;
  socket.addEventListener('message', ({ data }) => {
    if (given) return;
    const frame = typeof data === 'string' ? parseFrame(data) : undefined;
    if (frame) events.onFrame(frame);
    else events.onMalformed(typeof data === 'string' ? data : 'binary frame');
  });
  socket.addEventListener('close', ({ code, reason }) => {
    if (given) return;
    given = true;
    events.onEnd({ code, reason });
  });
  // A close follows every error, and the error itself says nothing; without a listener Node would report it as unhandled.
  socket.addEventListener('error', () => {});
  return {
    kind: 'ws',
    send(message) {
      if (!given) socket.send(JSON.stringify(message));
    },
    close(reason = '') {
      if (given) return;
      given = true;
      socket.close(CLOSE_NORMAL, reason);
    },
  };
}
