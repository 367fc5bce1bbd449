import type { Machine } from './machine.ts';
import type { Scenario, ScenarioResult } from './scenario.ts';

export interface Measured {
  readonly scenario: Pick<Scenario, 'name' | 'title'>;
  readonly result: ScenarioResult;
}

export interface Report {
  readonly takenAt: string;
  readonly runs: number;
  readonly machine: Machine;
  readonly measured: readonly Measured[];
}

export function toMarkdown({ takenAt, runs, machine, measured }: Report): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`).join(', ');
  return [
    '# Benchmarks',
    '',
    `Taken ${takenAt.slice(0, 10)} by \`npm run bench\` (medians of ${runs} runs) on ${machine.cores} cores of ${machine.processor}, ${machine.memoryGiB} GiB, ${machine.system}; ${versions}.`,
    `Load average before the start: ${machine.loadBefore.toFixed(2)}.`,
    '',
    'Servers and load generator are processes of their own on one machine, over the loopback. The generator reads raw sockets and counts frames by their headers;',
    'its own load is shown, so that it can be seen not to be the bottleneck. Latency runs from the instant at which a message was due, not from when a late publisher sent it.',
    '',
    ...measured.flatMap(section),
  ].join('\n');
}

function section({ scenario, result }: Measured): string[] {
  const columns = [...new Set(result.rows.flatMap((row) => Object.keys(row.figures)))];
  return [
    `## ${scenario.title}`,
    '',
    `| | ${columns.join(' | ')} |`,
    `| --- |${' ---: |'.repeat(columns.length)}`,
    ...result.rows.map((row) => `| ${row.what} | ${columns.map((column) => format(row.figures[column])).join(' | ')} |`),
    '',
    ...result.verdicts.map(({ bar, measured, holds }) => `- ${holds ? '✓' : '✗ **missed:**'} ${bar}: ${measured}`),
    ...(result.missing ?? []).map((name) => `- not measured here: ${name}`),
    '',
  ];
}

function format(value: number | string | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 2 }) : value;
}
