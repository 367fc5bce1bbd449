import { serveCalls } from '../call-channel.ts';
import { monotonicMicros } from '../monotonic.ts';
import { ResumingClient } from './resuming-client.ts';

export interface ResumeTally {
  readonly live: number;
  readonly atOffset: number;
  readonly lost: number;
  readonly repeated: number;
  readonly received: number;
  /** From the call until the last client was live. */
  readonly elapsedMs: number;
}

const STEP_MS = 20;

let clients: ResumingClient[] = [];

const calls = {
  open(port: number, count: number): void {
    clients = Array.from({ length: count }, (_, i) => new ResumingClient(port, `client-${i}`));
    for (const client of clients) client.open();
  },

  /** Waits until every client is live, at this offset or beyond, or the time is over. */
  async allLive(offset: number, patienceMs: number): Promise<ResumeTally> {
    const started = monotonicMicros();
    const behind = () => clients.some((client) => client.liveSince === undefined || client.offset < offset);
    while (behind() && (monotonicMicros() - started) / 1000 < patienceMs) await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    const sum = (pick: (client: ResumingClient) => number) => clients.reduce((total, client) => total + pick(client), 0);
    return {
      live: clients.filter((client) => client.liveSince !== undefined).length,
      atOffset: clients.filter((client) => client.offset >= offset).length,
      lost: sum((client) => client.lost),
      repeated: sum((client) => client.repeated),
      received: sum((client) => client.received),
      elapsedMs: (monotonicMicros() - started) / 1000,
    };
  },

  close(): void {
    for (const client of clients) client.close();
  },
};

export type ResumingCalls = typeof calls;

serveCalls(calls);
