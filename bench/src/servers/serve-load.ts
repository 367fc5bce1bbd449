import { activityMessage } from '../activity-message.ts';
import { serveCalls } from '../call-channel.ts';
import { monotonicMicros } from '../monotonic.ts';
import type { BenchServer, KeptHistory, ServerKind, StartOptions } from './bench-server.ts';

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

export interface ServerCalls {
  [call: string]: (...args: never[]) => unknown;
  start(kind: ServerKind, options?: StartOptions): Promise<number>;
  history(): Promise<KeptHistory>;
  /** Publishes on a schedule that does not wait for the server: what is late is made up for at once. */
  run(load: Load): Promise<LoadResult>;
  markCpu(): void;
  /** Processor microseconds since the mark, user and system. */
  cpuMicros(): number;
  /** Resident bytes after the thorough collection that V8 makes of itself when memory is short: what is held, not what a burst left behind. */
  memory(): Promise<number>;
}

/** Makes this process a server under load: publishes to a schedule and measures itself, for the parent process that asks. */
export function serveLoad(startKind: (kind: ServerKind, options: StartOptions) => Promise<BenchServer>): void {
  let server: BenchServer | undefined;
  let sequence = 0;
  let cpuMark = 0;
  const cpuNow = () => server?.cpuMicros?.() ?? ownCpuMicros();
  const calls: ServerCalls = {
    async start(kind, options = {}) {
      server = await startKind(kind, options);
      return server.port;
    },

    history() {
      if (!server?.history) throw new Error('this server keeps no history');
      return server.history();
    },

    run({ perSecond, seconds, padTo }) {
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

    markCpu() {
      cpuMark = cpuNow();
    },

    cpuMicros: () => cpuNow() - cpuMark,

    async memory() {
      if (server?.memory) return server.memory();
      await globalThis.gc?.({ type: 'major', execution: 'async', flavor: 'last-resort' });
      return process.memoryUsage.rss();
    },
  };
  serveCalls(calls);
}

function ownCpuMicros(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
