import type { Environment, WebSocketLike } from './environment.ts';
import type { Transport, TransportRequest } from './transport.ts';
import { parseFrame } from './parse-frame.ts';
import { BEARER_SUBPROTOCOL_PREFIX, CLOSE_NORMAL, SUBPROTOCOL } from './wire-constants.ts';

/** A WebSocket that hands its token over as a subprotocol, since a page cannot set headers and URLs end up in logs [UP2]. */
export function openWebSocket(env: Environment, url: string, { token, events }: TransportRequest): Transport {
  let socket: WebSocketLike | undefined = env.openSocket?.(url, [SUBPROTOCOL, BEARER_SUBPROTOCOL_PREFIX + token]);
  if (!socket) throw new Error('This environment has no WebSocket');
  const detach = () => {
    if (!socket) return;
    socket.onmessage = socket.onclose = socket.onerror = null;
    socket = undefined;
  };
  socket.onmessage = ({ data }) => {
    if (typeof data !== 'string') return events.onMalformed('binary frame');
    const frame = parseFrame(data);
    if (frame) events.onFrame(frame);
    else events.onMalformed(data);
  };
  socket.onclose = ({ code, reason }) => {
    detach();
    events.onEnd({ code, reason });
  };
  // Browsers always follow an error with a close; the error itself says nothing.
  socket.onerror = () => {};
  return {
    kind: 'ws',
    send(message) {
      socket?.send(JSON.stringify(message));
    },
    close(code = CLOSE_NORMAL, reason = '') {
      // Detached first: Safari may keep a dead socket OPEN and report its end minutes later [CL3].
      const closing = socket;
      detach();
      closing?.close(code, reason);
    },
  };
}
