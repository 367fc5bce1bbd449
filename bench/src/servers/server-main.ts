import { activityMessage } from '../activity-message.ts';
import { serveCalls } from '../call-channel.ts';
import { monotonicMicros } from '../monotonic.ts';
import { startBare } from './bare.ts';
import type { BenchServer, KeptHistory, ServerKind, StartOptions } from './bench-server.ts';
import { startClms } from './clms.ts';
import { startSocketIo } from './socket-io.ts';
import { startWsLoop } from './ws-loop.ts';

export interface Load {
  readonly perSecond: number;
  readonly seconds: number;
  /** Bytes of filler in each message. */
  readonly padTo: number;
}

export interface LoadResult {
  readonly published: number;
  /** How late the pacer was at worst: over a few milliseconds, the server could not keep up with its own publishing. */
  readonly latestMs: number;
}

let server: BenchServer | undefined;
let sequence = 0;
let cpuMark = process.cpuUsage();

const calls = {
  async start(kind: ServerKind, options: StartOptions = {}): Promise<number> {
    server = await startKind(kind, options);
    return server.port;
  },

  history(): Promise<KeptHistory> {
    if (!server?.history) throw new Error('this server keeps no history');
    return server.history();
  },

  /** Publishes on a schedule that does not wait for the server: what is late is made up for at once. */
  run({ perSecond, seconds, padTo }: Load): Promise<LoadResult> {
    const total = Math.round(perSecond * seconds);
    const started = monotonicMicros();
    let published = 0;
    let latestMs = 0;
    return new Promise((resolve) => {
      const tick = () => {
        const elapsedMicros = monotonicMicros() - started;
        const due = Math.min(total, Math.floor((elapsedMicros * perSecond) / 1_000_000) + 1);
        if (published < due) latestMs = Math.max(latestMs, (elapsedMicros - (published * 1_000_000) / perSecond) / 1000);
        while (published < due) {
          server!.publish(activityMessage(sequence++, started + Math.floor((published * 1_000_000) / perSecond), padTo));
          published++;
        }
        // A schedule that is hopelessly late ends by time, so that a saturated server shows its rate instead of a pile of work.
        if (published >= total || elapsedMicros > seconds * 1_500_000) resolve({ published, latestMs });
        else setTimeout(tick, 1);
      };
      tick();
    });
  },

  markCpu(): void {
    cpuMark = process.cpuUsage();
  },

  /** Processor microseconds since the mark, user and system. */
  cpuMicros(): number {
    const used = process.cpuUsage(cpuMark);
    return used.user + used.system;
  },

  /** Resident bytes after the thorough collection that V8 makes of itself when memory is short: what is held, not what a burst left behind. */
  async memory(): Promise<number> {
    await globalThis.gc?.({ type: 'major', execution: 'async', flavor: 'last-resort' });
    return process.memoryUsage.rss();
  },
};

export type ServerCalls = typeof calls;

function startKind(kind: ServerKind, options: StartOptions): Promise<BenchServer> {
  switch (kind) {
    case 'bare':
    case 'bare-batched':
      return startBare(kind === 'bare-batched');
    case 'ws':
    case 'ws-deflate':
      return startWsLoop(kind === 'ws-deflate');
    case 'socket.io':
      return startSocketIo(options);
    case 'clms':
    case 'clms-deflate':
      return startClms(kind === 'clms-deflate', options);
  }
}

serveCalls(calls);
