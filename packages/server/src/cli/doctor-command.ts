import type { Command } from 'commander';
import { createColors } from 'picocolors';
import { configOf, CommandFailure, print, type CommandContext } from './command-context.ts';
import { dataDirOption } from './data-dir-option.ts';
import { examine, type Finding } from './doctor-checks.ts';

const MARKS = { ok: '✓', warning: '!', bad: '✗' } as const;

export function addDoctorCommand(program: Command, context: CommandContext): void {
  program.command('doctor').description('look for what keeps CLMS from working: folder, database, ports, clock, Redis').option('--json', 'as JSON').addOption(dataDirOption())
    .action(async (options: { dataDir?: string; json?: true }) => {
      const findings = await examine(configOf(context, options));
      print(context, options.json ? JSON.stringify(findings, null, 2) : findings.map((finding) => line(context, finding)).join('\n'));
      const bad = findings.filter((finding) => finding.state === 'bad').length;
      if (bad > 0) throw new CommandFailure(`${bad} of ${findings.length} checks found something to put right.`);
    });
}

function line(context: CommandContext, { state, name, detail }: Finding): string {
  const colors = createColors(context.stdout.isTTY === true);
  const paint = { ok: colors.green, warning: colors.yellow, bad: colors.red }[state];
  return `${paint(MARKS[state])} ${name}: ${detail}`;
}
