import { use, useMemo, useSyncExternalStore } from 'react';
import { isConnected } from '../connection-state.ts';
import type { RealtimeClient } from '../realtime-client.ts';
import { useConnection } from './use-connection.ts';
import { WebSocketContext, type WebSocketContextValue, type WebSocketValue } from './websocket-context.ts';

/** The context's value; throws outside a `WebSocketProvider`. */
export function useWebSocketContext(): WebSocketContextValue {
  const context = use(WebSocketContext);
  if (!context) throw new Error('useWebSocket and its kin need a <WebSocketProvider> above them');
  return context;
}

/** The client itself, for what has no hook: `serverNow`, `onNotice`, handlers that must see every event. */
export function useRealtimeClient(): RealtimeClient {
  return useWebSocketContext().client;
}

/** Connection, newest message and sending, as one value. Draws again with every message; `useTopic` and `useConnection` do not. */
export function useWebSocket(): WebSocketValue {
  const context = useWebSocketContext();
  const { feed } = context;
  const { connectionState } = useConnection();
  const lastMessage = useSyncExternalStore(feed.subscribe, feed.current, feed.current);
  return useMemo(() => {
    const { client, sendMessage, sendBatch, subscribe, unsubscribe } = context;
    return { client, sendMessage, sendBatch, subscribe, unsubscribe, connectionState, isConnected: isConnected(connectionState), lastMessage };
  }, [context, connectionState, lastMessage]);
}
