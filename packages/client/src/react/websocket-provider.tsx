import { useEffect, useMemo, type ReactNode } from 'react';
import type { RealtimeClient } from '../realtime-client.ts';
import { LastMessageFeed } from './last-message-feed.ts';
import { WebSocketContext, type WebSocketContextValue } from './websocket-context.ts';

export interface WebSocketProviderProps {
  /** Made once, outside React: rendering twice must not make two connections. */
  readonly client: RealtimeClient;
  readonly children?: ReactNode;
}

/** Connects while it is mounted, and gives the client to the components below. */
export function WebSocketProvider({ client, children }: WebSocketProviderProps): ReactNode {
  const value = useMemo(() => contextValue(client), [client]);
  useEffect(() => client.onMessage((message) => value.feed.push(message)), [client, value]);
  useEffect(() => client.retain(), [client]);
  return <WebSocketContext value={value}>{children}</WebSocketContext>;
}

function contextValue(client: RealtimeClient): WebSocketContextValue {
  return {
    client,
    feed: new LastMessageFeed((run) => client.afterMs(0, run)),
    sendMessage: (message) => client.sendMessage(message),
    sendBatch: (messages) => client.sendBatch(messages),
    subscribe: (topic, filters) => client.subscribeTo(topic, filters),
    unsubscribe: (topic) => client.unsubscribeFrom(topic),
  };
}
