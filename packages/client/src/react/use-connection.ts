import { useCallback, useSyncExternalStore } from 'react';
import { isConnected, type ConnectionState } from '../connection-state.ts';
import { useClientContext } from './client-context.ts';

/** The connection alone: for a chip that says how things stand. */
export function useConnection(): { readonly connectionState: ConnectionState; readonly isConnected: boolean } {
  const { client } = useClientContext();
  const subscribe = useCallback((listener: () => void) => client.onState(listener), [client]);
  const connectionState = useSyncExternalStore(subscribe, () => client.state, () => client.state);
  return { connectionState, isConnected: isConnected(connectionState) };
}
