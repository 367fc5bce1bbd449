import { useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react';
import type { RealtimeClient } from '../realtime-client.ts';
import { ClientContext, useClientContext, type ClientContextValue } from './client-context.ts';
import { LastMessageFeed } from './last-message-feed.ts';
import { useConnection } from './use-connection.ts';
import { WebSocketContext, type WebSocketValue } from './websocket-context.ts';

export interface WebSocketProviderProps {
  /** Made once, outside React: rendering twice must not make two connections. */
  readonly client: RealtimeClient;
  readonly children?: ReactNode;
}

/** Connects while it is mounted, and gives the client to the components below. */
export function WebSocketProvider({ client, children }: WebSocketProviderProps): ReactNode {
  const value = useMemo(() => clientContextValue(client), [client]);
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

function clientContextValue(client: RealtimeClient): ClientContextValue {
  return {
    client,
    feed: new LastMessageFeed((run) => client.afterMs(0, run)),
    sendMessage: (message) => client.sendMessage(message),
    sendBatch: (messages) => client.sendBatch(messages),
    subscribe: (topic, filters) => client.subscribeTo(topic, filters),
    unsubscribe: (topic) => client.unsubscribeFrom(topic),
  };
}
