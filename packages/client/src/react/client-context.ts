import type { ClientEnvelope, SubscribableTopic, TopicFilters } from '@clms/protocol';
import { createContext, use } from 'react';
import type { RealtimeClient } from '../realtime-client.ts';
import type { SendResult } from '../send-queue.ts';
import type { LastMessageFeed } from './last-message-feed.ts';
import type { RenderPace } from './render-pace.ts';

/** What does not change while a provider is mounted. Hooks that must not draw again with every message read this alone. */
export interface ClientContextValue {
  readonly client: RealtimeClient;
  readonly feed: LastMessageFeed;
  readonly pace: RenderPace;
  readonly sendMessage: (message: ClientEnvelope) => SendResult;
  readonly sendBatch: (messages: readonly ClientEnvelope[]) => SendResult;
  /** Each `subscribe` wants one `unsubscribe` of the same topic. */
  readonly subscribe: <T extends SubscribableTopic>(topic: T, filters?: TopicFilters<T>) => void;
  readonly unsubscribe: (topic: SubscribableTopic) => void;
}

export const ClientContext = createContext<ClientContextValue | null>(null);

/** Throws outside a `WebSocketProvider`. */
export function useClientContext(): ClientContextValue {
  return required(use(ClientContext));
}

/** The client itself, for what has no hook: `serverNow`, `onNotice`, handlers that must see every event. */
export function useRealtimeClient(): RealtimeClient {
  return useClientContext().client;
}

export function required<V>(value: V | null): V {
  if (value === null) throw new Error('The hooks of @clms/client need a <WebSocketProvider> above them');
  return value;
}
