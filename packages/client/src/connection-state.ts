export type TransportKind = 'ws' | 'sse' | 'poll';

/** Where the connection stands [CL1]. Times are milliseconds since the epoch by this device's clock. */
export type ConnectionState =
  /** Not asked to connect yet. */
  | { readonly state: 'idle' }
  | { readonly state: 'connecting'; readonly transport: TransportKind; readonly attempt: number }
  /** Welcomed; what happened meanwhile is being fetched. */
  | { readonly state: 'catching_up'; readonly transport: TransportKind; readonly connectedAt: number }
  | { readonly state: 'live'; readonly transport: TransportKind; readonly connectedAt: number }
  | { readonly state: 'waiting'; readonly attempt: number; readonly nextAttemptAt: number; readonly reason: string }
  /** `getToken` had none, or only the refused one. `connect()` tries again after signing in. */
  | { readonly state: 'needs_auth'; readonly reason: string }
  /** Ended by the application, or because this role may not connect. */
  | { readonly state: 'closed'; readonly reason: string };

/** Whether messages from the server arrive now. */
export function isConnected(state: ConnectionState): state is Extract<ConnectionState, { readonly connectedAt: number }> {
  return state.state === 'live' || state.state === 'catching_up';
}
