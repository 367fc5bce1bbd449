import { text as readAll } from 'node:stream/consumers';
import { ROLES } from '@clms/protocol';
import type { Command } from 'commander';
import { callRunningServer } from './api-caller.ts';
import { choice } from './choice.ts';
import { configOf, print, UsageError, type CommandContext } from './command-context.ts';
import { dataDirOption } from './data-dir-option.ts';

interface PublishOptions {
  readonly topic?: string;
  readonly role?: string;
  readonly user?: string;
  readonly all?: true;
  readonly data: string;
  readonly idempotencyKey?: string;
  readonly dataDir?: string;
}

export function addPublishCommand(program: Command, context: CommandContext): void {
  program.command('publish <type>').description('publish an event or a direct message through the running server')
    .option('--topic <topic>', 'to the subscribers of a topic').option('--role <role>', 'to everybody of a role', choice(...ROLES)).option('--user <id>', 'to a user').option('--all', 'to everybody')
    .requiredOption('--data <json>', 'its data as a JSON object, or - to read it from a pipe').option('--idempotency-key <key>', 'publish once, however often this is repeated').addOption(dataDirOption())
    .action(async (type: string, options: PublishOptions) => {
      const target = targetOf(options);
      const data = parse(options.data === '-' ? await readAll(context.stdin) : options.data);
      const api = await callRunningServer(context, configOf(context, options));
      const body = { target, type, data, ...(options.idempotencyKey !== undefined && { idempotencyKey: options.idempotencyKey }) };
      const { topic, epoch, offset } = (await api.call('POST', '/api/realtime/publish', body)) as { topic: string; epoch: string; offset: number };
      print(context, `Published on ${topic} at ${epoch}:${offset}.`);
    });
}

function targetOf({ topic, role, user, all }: PublishOptions): object {
  const targets = [topic !== undefined && { topic }, role !== undefined && { role }, user !== undefined && { userId: user }, all && { all: true }].filter((target) => typeof target === 'object');
  if (targets.length !== 1) throw new UsageError('Name one target: --topic, --role, --user or --all.');
  return targets[0]!;
}

function parse(json: string): object {
  try {
    const data: unknown = JSON.parse(json);
    if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new UsageError('--data must be a JSON object, such as \'{"message":"Hello"}\'.');
}
