import type { ActivityMessage } from '../activity-message.ts';

export type ServerKind = 'bare' | 'bare-batched' | 'ws' | 'ws-deflate' | 'socket.io' | 'clms' | 'clms-deflate';

/** A server under test, in a process of its own. `publish` reaches every client that is connected (and whose filters match, where a server has filters). */
export interface BenchServer {
  readonly port: number;
  publish(message: ActivityMessage): void;
  close(): void;
}
