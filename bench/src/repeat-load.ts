import type { BenchOptions } from './options.ts';
import { runLoad, type LoadOutcome, type LoadPlan } from './run-load.ts';
import type { Row } from './scenario.ts';
import { median, percentile } from './statistics.ts';

export interface LoadMedians {
  readonly deliveredShare: number;
  readonly disordered: number;
  readonly perSecond: number;
  readonly cpuMicros: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly rssMb: number;
  readonly generatorLoad: number;
}

/** Share of a core from which on the load generator may have been what was measured. */
const GENERATOR_BUSY = 0.97;

/** Runs a load as often as the options say and takes the median of every figure. */
export async function repeatLoad(options: BenchOptions, say: (line: string) => void, plan: LoadPlan): Promise<LoadMedians> {
  const outcomes: LoadOutcome[] = [];
  for (let run = 0; run < options.runs; run++) outcomes.push(await runLoad({ ...plan, seconds: options.quick ? Math.min(2, plan.seconds) : plan.seconds }));
  const of = (pick: (outcome: LoadOutcome) => number) => median(outcomes.map(pick));
  const medians: LoadMedians = {
    deliveredShare: Math.min(...outcomes.map((one) => one.delivered / one.expected)),
    disordered: Math.max(...outcomes.map((one) => one.disordered)),
    perSecond: of((one) => one.perSecond),
    cpuMicros: of((one) => one.cpuMicrosPerDelivery),
    p50Ms: of((one) => percentile(one.latenciesMs, 50)),
    p99Ms: of((one) => percentile(one.latenciesMs, 99)),
    maxMs: of((one) => percentile(one.latenciesMs, 100)),
    rssMb: of((one) => one.serverRss / 1e6),
    generatorLoad: of((one) => one.generatorLoad),
  };
  say(`${plan.kind} at ${plan.perSecond}/s: ${Math.round(medians.perSecond)}/s, ${medians.cpuMicros.toFixed(2)} µs, p50 ${medians.p50Ms.toFixed(1)} ms, p99 ${medians.p99Ms.toFixed(1)} ms`);
  return medians;
}

export function loadRow(what: string, medians: LoadMedians): Row {
  return {
    what,
    figures: {
      'delivered/expected': `${(Math.floor(medians.deliveredShare * 10_000) / 100).toFixed(2)} %`,
      'delivered/s': Math.round(medians.perSecond),
      'CPU µs per delivery': round(medians.cpuMicros, 2),
      'p50 ms': round(medians.p50Ms, 1),
      'p99 ms': round(medians.p99Ms, 1),
      'max ms': round(medians.maxMs, 1),
      'server RSS MB': Math.round(medians.rssMb),
      'generator load': `${Math.round(medians.generatorLoad * 100)} %${medians.generatorLoad > GENERATOR_BUSY ? ' (busy)' : ''}`,
    },
  };
}

function round(value: number, digits: number): number | string {
  return Number.isNaN(value) ? '–' : Number(value.toFixed(digits));
}
