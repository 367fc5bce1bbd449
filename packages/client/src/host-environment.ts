import { systemClock } from './clock.ts';
import type { ChannelLike, Environment, LocksLike, WakeSignal, WebSocketLike } from './environment.ts';

interface NetworkInformation {
  readonly type?: string;
  readonly saveData?: boolean;
}

/** The surroundings of a browser page, a worker or Node 22+, whatever of it is there. */
export function hostEnvironment(host: typeof globalThis = globalThis): Environment {
  const navigator = host.navigator as (Navigator & { connection?: NetworkInformation }) | undefined;
  const locks = navigator?.locks as LocksLike | undefined;
  return {
    ...systemClock,
    random: () => host.crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32,
    newId: () => newId(host.crypto),
    ...(host.WebSocket && { openSocket: (url: string, protocols: readonly string[]) => new host.WebSocket(url, [...protocols]) as unknown as WebSocketLike }),
    ...(host.fetch && { fetch: (url: string, init: RequestInit) => host.fetch(url, init) }),
    // Only pages have tabs to share with; two clients of one Node program may speak for two users.
    ...(host.document && locks && { locks }),
    ...(host.document && host.BroadcastChannel && { openChannel: (name: string) => openChannel(new host.BroadcastChannel(name)) }),
    ...(host.indexedDB && { indexedDB: host.indexedDB }),
    onWake: (listener) => listenForWake(host, listener),
    ...(host.document && { onLeave: (listener: () => void) => host.addEventListener('pagehide', listener) }),
    hidden: () => host.document?.hidden ?? false,
    constrained: () => navigator?.connection?.type === 'cellular' || navigator?.connection?.saveData === true,
    setting: (name) => readSetting(host, name),
    log: (level, text, detail) => host.console[level](text, ...(detail === undefined ? [] : [detail])),
  };
}

/** `crypto.randomUUID` is missing on plain http:// pages other than localhost, where a school's LAN lives; the random source is not. */
function newId(crypto: Crypto): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function openChannel(channel: BroadcastChannel): ChannelLike {
  return {
    listen: (listener) => channel.addEventListener('message', ({ data }) => listener(data)),
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a BroadcastChannel never leaves its origin
    post: (data) => channel.postMessage(data),
    close: () => channel.close(),
  };
}

function listenForWake(host: typeof globalThis, listener: (signal: WakeSignal) => void): () => void {
  const listening = new AbortController();
  const options = { signal: listening.signal };
  host.addEventListener?.('online', () => listener('online'), options);
  host.addEventListener?.('pageshow', () => listener('pageshow'), options);
  host.document?.addEventListener('visibilitychange', () => host.document.hidden || listener('visible'), options);
  return () => listening.abort();
}

/** Reading `localStorage` throws where a page may not store (a sandboxed frame, blocked cookies): then nothing is set. */
function readSetting(host: typeof globalThis, name: string): string | null {
  if (!host.document) return null;
  try {
    return host.localStorage.getItem(name);
  } catch {
    return null;
  }
}
