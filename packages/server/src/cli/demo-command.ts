import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@clms/realtime';
import { Option, type Command } from 'commander';
import { readConfig } from '../config/config.ts';
import { openDemoSchool } from '../demo/open-demo-school.ts';
import { seededRandom } from '../demo/random.ts';
import { Traffic } from '../demo/traffic.ts';
import { print, UsageError, type CommandContext } from './command-context.ts';
import { addConfigOptions, configFlags } from './config-options.ts';
import { serve } from './serve-command.ts';

const DEFAULT_SPEED = 30;

/** A school in memory with live traffic, for a first look: nothing is written to disk but the secret of its tokens. */
export function addDemoCommand(program: Command, context: CommandContext): void {
  addConfigOptions(program.command('demo').description('serve an invented school of 881 people, in memory, with live traffic'))
    .addOption(new Option('--speed <factor>', 'how many times faster than a real day').default(String(DEFAULT_SPEED)))
    .addOption(new Option('--seed <number>', 'another number is another school').default('1'))
    .action(async (options: Record<string, unknown>) => {
      const speed = Number(options['speed']);
      const seed = Number(options['seed']);
      if (!(speed > 0 && speed <= 10_000)) throw new UsageError(`--speed is "${String(options['speed'])}"; allowed: a number above 0, up to 10000.`);
      if (!Number.isInteger(seed)) throw new UsageError(`--seed is "${String(options['seed'])}"; allowed: a whole number.`);
      const password = randomBytes(6).toString('hex');
      const env = { CLMS_LOG_LEVEL: 'warn', CLMS_DATA_DIR: join(tmpdir(), `clms-demo-${process.pid}`), ...context.env, CLMS_DATABASE_URL: 'memory:', CLMS_ADMIN_USERNAME: 'demo', CLMS_ADMIN_PASSWORD: password };
      const config = readConfig({ env, flags: configFlags(options), isTerminal: context.stdout.isTTY === true });
      await serve(context, config, async (app) => {
        const random = seededRandom(seed);
        const school = await openDemoSchool(app, random);
        const traffic = new Traffic({ url: app.httpUrl, ...school, speed, clock: systemClock, random, onError: (error) => context.stderr.write(`demo traffic: ${error instanceof Error ? error.message : String(error)}\n`) });
        traffic.start();
        print(context, '');
        print(context, `A school of ${school.people.length} invented people is open, ${speed} times faster than a real day. Nothing of it is kept.`);
        print(context, `  Open       ${app.httpUrl}/`);
        print(context, `  WebSocket  ${app.wsUrl}`);
        print(context, `  Sign in    demo / ${password}`);
        print(context, '');
        return () => traffic.close();
      });
      if (context.env['CLMS_DATA_DIR'] === undefined) rmSync(config.dataDir, { recursive: true, force: true });
    });
}
