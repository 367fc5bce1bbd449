import { flushCompileCache } from 'node:module';
import type { Command } from 'commander';
import { startApp, type App } from '../app.ts';
import { readConfig, unknownVariables, type Config } from '../config/config.ts';
import { createLog } from '../log.ts';
import { print, type CommandContext } from './command-context.ts';
import { addConfigOptions, configFlags, configHelp } from './config-options.ts';
import { announceServer, withdrawServer } from './running-server.ts';
import { untilStopSignal } from './stop-signal.ts';

/** Whatever happens, the process ends within this time of the signal. */
const LONGEST_SHUTDOWN_MS = 14_000;

export function addServeCommand(program: Command, context: CommandContext): void {
  program.addHelpText('after', configHelp());
  addConfigOptions(program.command('serve', { isDefault: true }).description('serve the web app, the API and the WebSocket (the default)')).action(async (options: Record<string, unknown>) => {
    const config = readConfig({ env: context.env, flags: configFlags(options), isTerminal: context.stdout.isTTY === true });
    await serve(context, config, async (app) => {
      banner(context, app, config);
    });
  });
}

/** Starts a server, hands it to `started`, and keeps it up until a signal ends it. */
export async function serve(context: CommandContext, config: Config, started: (app: App) => Promise<(() => void) | void>): Promise<void> {
  const log = await createLog(config);
  if (config.testClock) log.warn('CLMS_TEST_CLOCK is on: an administrator can move the time of this library. Never use it with real data.');
  for (const variable of unknownVariables(context.env)) log.warn(`${variable} is set, and there is no such setting. "clms --help" shows all.`);
  const app = await startApp({ config, log, version: context.version });
  announceServer(config.dataDir, { pid: process.pid, httpUrl: app.httpUrl, wsUrl: app.wsUrl });
  const stop = await started(app);
  // Now and not at the end: a server that loses its power has no end.
  flushCompileCache();
  const signal = await untilStopSignal(process, () => performance.now(), () => process.exit(1));
  stop?.();
  log.info({ signal }, 'shutting down');
  // The timers of a drain do not keep a process alive by themselves.
  const alive = new MessageChannel();
  alive.port1.on('message', () => undefined);
  const patience = AbortSignal.timeout(LONGEST_SHUTDOWN_MS);
  patience.addEventListener('abort', () => process.exit(0));
  await app.close();
  withdrawServer(config.dataDir);
  alive.port1.close();
  log.info('closed');
}

function banner(context: CommandContext, app: App, config: Config): void {
  print(context, '');
  print(context, `CLMS ${context.version} is running.`);
  print(context, `  Open       ${app.httpUrl}/`);
  print(context, `  WebSocket  ${app.wsUrl}`);
  print(context, `  Data       ${config.databaseUrl.startsWith('postgres') ? 'Postgres' : config.databaseUrl}`);
  if (app.setupCode !== undefined) {
    print(context, '');
    print(context, 'There is no administrator yet. Open the address above and enter the code:');
    print(context, '');
    print(context, `Setup code: ${app.setupCode}`);
  }
  print(context, '');
}
