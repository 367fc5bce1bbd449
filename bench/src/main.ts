import { writeFileSync } from 'node:fs';
import { describeMachine } from './machine.ts';
import { readOptions, USAGE } from './options.ts';
import { toMarkdown, type Measured, type Report } from './report.ts';
import { SCENARIOS } from './scenarios.ts';

const options = readOptions(process.argv.slice(2));
if (options === 'help') {
  console.log(USAGE);
  process.exit(0);
}
const unknown = options.only.filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  console.error(`No such scenario: ${unknown.join(', ')}. There are: ${SCENARIOS.map((scenario) => scenario.name).join(', ')}`);
  process.exit(2);
}

const machine = describeMachine();
const measured: Measured[] = [];
for (const scenario of SCENARIOS.filter(({ name }) => options.only.length === 0 || options.only.includes(name))) {
  console.error(`— ${scenario.title}`);
  const result = await scenario.run(options, (line) => console.error(`  ${line}`));
  measured.push({ scenario: { name: scenario.name, title: scenario.title }, result });
}

const report: Report = { takenAt: new Date().toISOString(), runs: options.runs, machine, measured };
const markdown = toMarkdown(report);
console.log(markdown);
if (options.write) {
  writeFileSync(new URL('../../docs/BENCHMARKS.md', import.meta.url), `${markdown}\n`);
  writeFileSync(new URL('../../docs/benchmarks.json', import.meta.url), `${JSON.stringify(report, null, 2)}\n`);
}
process.exit(measured.every(({ result }) => result.verdicts.every(({ holds }) => holds)) ? 0 : 1);
