import type { NewEvent } from '@clms/realtime';
import type { ActivityMessage } from '../activity-message.ts';

export type ServerKind = 'bare' | 'bare-batched' | 'ws' | 'ws-deflate' | 'socket.io' | 'clms' | 'clms-deflate' | 'bun' | 'nchan';

/** What an application's own store would hold after a crash. */
export interface KeptHistory {
  readonly epoch: string;
  readonly events: readonly NewEvent[];
}

export interface StartOptions {
  /** A fixed port, for a server that takes the place of another; otherwise a free one. */
  readonly port?: number;
  readonly kept?: KeptHistory;
  /** Events to publish before anybody can connect. */
  readonly missed?: number;
  /** A shared Redis instead of memory. */
  readonly redisUrl?: string;
}

/** A server under test, in a process of its own. `publish` reaches every client that is connected (and whose filters match, where a server has filters). */
export interface BenchServer {
  readonly port: number;
  publish(message: ActivityMessage): void;
  history?(): Promise<KeptHistory>;
  /** Where the server is another process than the one that publishes: its processor time so far, and its resident bytes. */
  cpuMicros?(): number;
  memory?(): number;
}
