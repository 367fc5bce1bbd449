export { RealtimeClient, type ClientNotice, type HandledEvent, type RealtimeClientOptions } from './realtime-client.ts';
export { isConnected, type ConnectionState, type TransportKind } from './connection-state.ts';
export type { Environment } from './environment.ts';
export { hostEnvironment } from './host-environment.ts';
export type { Freshness, TopicStatus } from './freshness.ts';
export type { ChatState, InboxItem, TopicState, TopicStates } from './read-models.ts';
export type { SendResult } from './send-queue.ts';
export type { GetToken, TokenReason } from './token-keeper.ts';
export type { TopicSnapshot, TopicView } from './topic-view.ts';
