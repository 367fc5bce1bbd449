export { WebSocketProvider, type WebSocketProviderProps } from './websocket-provider.tsx';
export { WebSocketContext, type WebSocketValue } from './websocket-context.ts';
export { useRealtimeClient } from './client-context.ts';
export { useWebSocket } from './use-web-socket.ts';
export { useConnection } from './use-connection.ts';
export { useTopic } from './use-topic.ts';
export { useRealTimeActivities } from './use-real-time-activities.ts';
export { useDebouncedSend } from './use-debounced-send.ts';
export { useActionJournal } from './use-action-journal.ts';
