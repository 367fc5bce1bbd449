import { useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import type { RealtimeClient } from '../realtime-client.ts';
import { ClientContext, useClientContext, type ClientContextValue } from './client-context.ts';
import { LastMessageFeed } from './last-message-feed.ts';
import { RenderPace } from './render-pace.ts';
import { useConnection } from './use-connection.ts';
import { WebSocketContext, type WebSocketValue } from './websocket-context.ts';

export interface WebSocketProviderProps {
  /** Made once, outside React: rendering twice must not make two connections. */
  readonly client: RealtimeClient;
  /**
   * `useTopic` draws at most once in this many milliseconds while events rush in; the first after a quiet time is drawn at once. Default 0:
   * with every event.
   */
  readonly paceMs?: number;
  readonly children?: ReactNode;
}

/** Connects while it is mounted, and gives the client to the components below. */
export function WebSocketProvider({ client, paceMs = 0, children }: WebSocketProviderProps): ReactNode {
  const value = useMemo(() => clientContextValue(client, paceMs), [client, paceMs]);
  useEffect(() => client.onMessage((message) => value.feed.push(message)), [client, value]);
  useEffect(() => client.retain(), [client]);
  return (
    <ClientContext value={value}>
      <NewestMessage>{children}</NewestMessage>
    </ClientContext>
  );
}

/** Draws with every message, but its children only where they read the context. */
function NewestMessage({ children }: { readonly children: ReactNode }): ReactNode {
  const { client, feed, sendMessage, sendBatch, subscribe, unsubscribe } = useClientContext();
  const { connectionState, isConnected } = useConnection();
  const lastMessage = useSyncExternalStore(feed.subscribe, feed.current, feed.current);
  const value = useMemo(
    (): WebSocketValue => ({ client, sendMessage, sendBatch, subscribe, unsubscribe, connectionState, isConnected, lastMessage }),
    [client, sendMessage, sendBatch, subscribe, unsubscribe, connectionState, isConnected, lastMessage],
  );
  return <WebSocketContext value={value}>{children}</WebSocketContext>;
}

function clientContextValue(client: RealtimeClient, paceMs: number): ClientContextValue {
  return {
    client,
    feed: new LastMessageFeed((run) => client.afterMs(0, run)),
    pace: new RenderPace(paceMs, (delayMs, run) => client.afterMs(delayMs, run)),
    sendMessage: (message) => client.sendMessage(message),
    sendBatch: (messages) => client.sendBatch(messages),
    subscribe: (topic, filters) => client.subscribeTo(topic, filters),
    unsubscribe: (topic) => client.unsubscribeFrom(topic),
  };
}
