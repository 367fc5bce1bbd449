import type { Clock } from './clock.ts';

/** The part of a browser's WebSocket that the SDK uses. */
export interface WebSocketLike {
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void;
  addEventListener(type: 'error', listener: () => void): void;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

/** The part of the Web Locks API that the SDK uses. */
export interface LocksLike {
  request(name: string, options: { signal?: AbortSignal; steal?: boolean }, granted: () => Promise<void>): Promise<void>;
}

/** A BroadcastChannel, as far as the SDK uses it. A channel never hears itself. */
export interface ChannelLike {
  listen(listener: (data: unknown) => void): void;
  post(data: unknown): void;
  close(): void;
}

/** Something happened that makes another look at the connection worthwhile. */
export type WakeSignal = 'online' | 'visible' | 'pageshow';

/**
 * Everything the SDK takes from its surroundings: time, chance, network, storage, other tabs. A missing member means that the
 * surroundings lack it, and the SDK does without: no `WebSocket` = server-sent events, no `openChannel` = every tab on its own.
 */
export interface Environment extends Clock {
  /** In [0, 1). */
  random(): number;
  /** Unguessable, unique over devices. */
  newId(): string;
  openSocket?(url: string, protocols: readonly string[]): WebSocketLike;
  fetch?(url: string, init: RequestInit): Promise<Response>;
  readonly locks?: LocksLike;
  openChannel?(name: string): ChannelLike;
  readonly indexedDB?: IDBFactory;
  /** Calls `listener` on every wake signal until the returned function is called. */
  onWake(listener: (signal: WakeSignal) => void): () => void;
  /** Calls `listener` whenever the page goes: for good, or into the browser's cache of pages to come back to. */
  onLeave?(listener: () => void): void;
  /** The page cannot be seen, so its timers may fire as rarely as once a minute. */
  hidden(): boolean;
  /** On a mobile network, or asked to save data [CL2]. */
  constrained(): boolean;
  /** Value of a setting of this device (`ws_debug`), or null. */
  setting(name: string): string | null;
  /** Where debug lines and the errors of application handlers go. */
  log(level: 'debug' | 'error', text: string, detail?: unknown): void;
}
