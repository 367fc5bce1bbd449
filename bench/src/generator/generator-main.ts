import { setImmediate as turn } from 'node:timers/promises';
import { serveCalls } from '../call-channel.ts';
import { monotonicMicros } from '../monotonic.ts';
import { dialectOf, type DialectPlan } from './dialect.ts';
import { Subscriber } from './subscriber.ts';

export interface FleetPlan {
  readonly port: number;
  readonly path: string;
  readonly count: number;
  /** Index of the first client: several generators share one numbering. */
  readonly first: number;
  readonly dialect: DialectPlan;
  /** Header lines for each client; `{i}` stands for its index. */
  readonly headers: readonly string[];
  /** Every n-th client reads payloads and takes latencies; 0 = none. */
  readonly sampleEvery: number;
}

export interface Tally {
  readonly delivered: number;
  readonly fewest: number;
  readonly most: number;
  readonly closed: number;
  readonly latenciesMs: number[];
  /** Sampled clients that got events out of order. */
  readonly disordered: number;
  /** Own processor time over wall time since `reset`: near 1 means that the generator was the bottleneck. */
  readonly ownLoad: number;
  readonly elapsedMs: number;
}

/** Handshakes under way at once: enough to be quick, few enough not to fill the listen queue. */
const OPENING = 100;
const SETTLE_STEP_MS = 50;

let fleet: Subscriber[] = [];
let resetAt = 0;
let resetCpu = process.cpuUsage();
let lastGrowthAt = 0;

const calls = {
  async connect(plan: FleetPlan): Promise<number> {
    const dialect = dialectOf(plan.dialect);
    const started = monotonicMicros();
    const added = Array.from({ length: plan.count }, (_, i) => {
      const index = plan.first + i;
      return new Subscriber({
        port: plan.port, path: plan.path, dialect, index,
        headers: plan.headers.map((line) => line.replaceAll('{i}', String(index))),
        sampled: plan.sampleEvery > 0 && index % plan.sampleEvery === 0,
      });
    });
    let next = 0;
    await Promise.all(Array.from({ length: OPENING }, async () => {
      for (let one = added[next++]; one; one = added[next++]) await one.open();
    }));
    for (const one of added) one.arm();
    fleet.push(...added);
    return (monotonicMicros() - started) / 1000;
  },

  reset(): void {
    for (const one of fleet) one.reset();
    resetAt = monotonicMicros();
    lastGrowthAt = resetAt;
    resetCpu = process.cpuUsage();
  },

  /** Waits until `expected` frames came, or none came for `quietMs`. */
  async settle(expected: number, quietMs: number): Promise<Tally> {
    let seen = -1;
    for (;;) {
      const now = total();
      if (now !== seen) lastGrowthAt = monotonicMicros();
      seen = now;
      if (now >= expected || (monotonicMicros() - lastGrowthAt) / 1000 >= quietMs) break;
      await new Promise((resolve) => setTimeout(resolve, SETTLE_STEP_MS));
      await turn();
    }
    return tally();
  },

  tally,

  disconnect(): void {
    for (const one of fleet) one.close();
    fleet = [];
  },
};

export type GeneratorCalls = typeof calls;

function total(): number {
  let sum = 0;
  for (const one of fleet) sum += one.count;
  return sum;
}

function tally(): Tally {
  const counts = fleet.map((one) => one.count);
  const used = process.cpuUsage(resetCpu);
  const elapsedMs = (lastGrowthAt - resetAt) / 1000;
  return {
    delivered: total(),
    fewest: Math.min(...counts),
    most: Math.max(...counts),
    closed: fleet.filter((one) => one.closed).length,
    disordered: fleet.filter((one) => one.disordered).length,
    latenciesMs: fleet.flatMap((one) => one.latenciesMs),
    ownLoad: (used.user + used.system) / 1000 / ((monotonicMicros() - resetAt) / 1000),
    elapsedMs,
  };
}

serveCalls(calls);
