import { use } from 'react';
import { required } from './client-context.ts';
import { WebSocketContext, type WebSocketValue } from './websocket-context.ts';

/** Connection, newest message and sending, as one value. Draws again with every message; `useTopic` and `useConnection` do not. */
export function useWebSocket(): WebSocketValue {
  return required(use(WebSocketContext));
}
