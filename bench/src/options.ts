import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Repetitions of each measurement; medians are reported. */
  readonly runs: number;
  readonly quick: boolean;
  /** Scenario names to run; empty = all. */
  readonly only: readonly string[];
  /** Whether docs/BENCHMARKS.md and its JSON are rewritten. */
  readonly write: boolean;
}

export const USAGE = `npm run bench -- [--runs 5] [--quick] [--only fan-out,memory] [--no-write]
  --runs N     repetitions of each measurement, medians are printed (5)
  --quick      one short run of each, nothing written: to see that it works, not to quote
  --only a,b   some scenarios; nothing written
  --no-write   leave docs/BENCHMARKS.md as it is`;

export function readOptions(args: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...args], allowNegative: true,
    options: { runs: { type: 'string', default: '5' }, quick: { type: 'boolean', default: false }, only: { type: 'string', default: '' }, write: { type: 'boolean', default: true }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return 'help';
  const runs = values.quick ? 1 : Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs must be a whole number from 1, not ${values.runs}`);
  const only = values.only.split(',').filter(Boolean);
  return { runs, quick: values.quick, only, write: values.write && !values.quick && only.length === 0 };
}
