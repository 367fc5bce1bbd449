import type { BenchOptions } from './options.ts';

/** One line of the report. */
export interface Row {
  readonly what: string;
  readonly figures: Readonly<Record<string, number | string>>;
}

/** What a bar demands, and what came of it. */
export interface Verdict {
  readonly bar: string;
  readonly measured: string;
  readonly holds: boolean;
}

export interface ScenarioResult {
  readonly rows: readonly Row[];
  readonly verdicts: readonly Verdict[];
  /** Peers and conditions that were missing, by name. */
  readonly missing?: readonly string[];
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  run(options: BenchOptions, say: (line: string) => void): Promise<ScenarioResult>;
}
