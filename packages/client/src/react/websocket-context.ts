import type { ServerEnvelope } from '@clms/protocol';
import { createContext } from 'react';
import type { ConnectionState } from '../connection-state.ts';
import type { ClientContextValue } from './client-context.ts';

/** Connection, newest message and sending. The functions keep their identity. */
export interface WebSocketValue extends Omit<ClientContextValue, 'feed' | 'pace'> {
  readonly isConnected: boolean;
  readonly connectionState: ConnectionState;
  /** The newest message; each is shown for at least one render, so that an effect on it sees them all. */
  readonly lastMessage: ServerEnvelope | null;
}

export const WebSocketContext = createContext<WebSocketValue | null>(null);
