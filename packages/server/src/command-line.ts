import { readFileSync } from 'node:fs';
import { systemClock } from '@clms/realtime';
import { Registry } from 'prom-client';
import { emptyProgram, runProgram } from './cli/program.ts';
import { addServeCommand } from './cli/serve-command.ts';
import type { CommandContext } from './cli/command-context.ts';
import { UnitRunner } from './domain/unit-runner.ts';
import { allRoutes, type RouteDeps } from './http/all-routes.ts';
import type { HttpRoute } from './http/raw-route.ts';
import { createImportDesk } from './imports/import-desk.ts';
import { openStore } from './store/open-store.ts';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());

// `clms watch activities | head -1`: when the reader has seen enough, there is nothing left to do.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const context: CommandContext = {
  env: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  version,
  allRoutes: describeRoutes,
  interrupted: interrupt.signal,
};

const args = process.argv.slice(2);
// A start loads nothing of the other commands.
const program = args[0] === 'serve' ? emptyProgram(context) : (await import('./cli/all-commands.ts')).createProgram(context);
addServeCommand(program, context);
process.exitCode = await runProgram(program, args, context);

/** The routes as a server would have them, for describing them: an empty library in memory, and nothing behind the parts that only answer requests. */
async function describeRoutes(): Promise<readonly HttpRoute[]> {
  const store = await openStore('memory:');
  const runner = await UnitRunner.open(store, systemClock);
  const unused = {} as never;
  const deps: RouteDeps = {
    runner, imports: createImportDesk({ runner, breathe: async () => undefined }), registry: new Registry(), version, websocketPath: '/ws', advanceClock: undefined,
    issueToken: unused, authenticator: unused, setup: unused, revocations: unused, health: unused, manager: unused, relay: unused, broker: unused, forgetEvents: unused,
  };
  return allRoutes(deps);
}
