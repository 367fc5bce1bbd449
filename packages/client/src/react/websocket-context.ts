import type { ClientEnvelope, ServerEnvelope, SubscribableTopic, TopicFilters } from '@clms/protocol';
import { createContext } from 'react';
import type { ConnectionState } from '../connection-state.ts';
import type { RealtimeClient } from '../realtime-client.ts';
import type { SendResult } from '../send-queue.ts';
import type { LastMessageFeed } from './last-message-feed.ts';

/** What components find in the context. All functions keep their identity. */
export interface WebSocketContextValue {
  readonly client: RealtimeClient;
  readonly feed: LastMessageFeed;
  readonly sendMessage: (message: ClientEnvelope) => SendResult;
  readonly sendBatch: (messages: readonly ClientEnvelope[]) => SendResult;
  /** Each `subscribe` wants one `unsubscribe` of the same topic. */
  readonly subscribe: <T extends SubscribableTopic>(topic: T, filters?: TopicFilters<T>) => void;
  readonly unsubscribe: (topic: SubscribableTopic) => void;
}

export interface WebSocketValue extends Omit<WebSocketContextValue, 'feed'> {
  readonly isConnected: boolean;
  readonly connectionState: ConnectionState;
  /** The newest message; each is shown for at least one render, so that an effect on it sees them all. */
  readonly lastMessage: ServerEnvelope | null;
}

export const WebSocketContext = createContext<WebSocketContextValue | null>(null);
