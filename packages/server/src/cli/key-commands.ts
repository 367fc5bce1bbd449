import type { Command } from 'commander';
import { SCOPES, type ApiKey } from '../domain/accounts/api-keys.ts';
import { allItems, withApi } from './api-caller.ts';
import { choices } from './choice.ts';
import { print, table, type CommandContext } from './command-context.ts';
import { dataDirOption } from './data-dir-option.ts';

export function addKeyCommands(program: Command, context: CommandContext): void {
  const key = program.command('key').description('API keys of other systems');

  key.command('add <name>').description('make a key; it is shown this once').requiredOption('--scope <scope...>', 'publish, metrics or read; several are allowed', choices(...SCOPES)).addOption(dataDirOption())
    .action((name: string, options: { scope: readonly string[]; dataDir?: string }) => withApi(context, options, async (api) => {
      const added = (await api.call('POST', '/api/api-keys', { name, scopes: options.scope })) as { id: string; key: string };
      print(context, `${added.key}\nKeep it: it is not shown again. The key is ${added.id}.`);
    }));

  key.command('list').description('all keys').option('--json', 'as JSON').addOption(dataDirOption())
    .action((options: { dataDir?: string; json?: true }) => withApi(context, options, async (api) => {
      const keys = await allItems<ApiKey>(api, '/api/api-keys');
      print(context, options.json ? JSON.stringify(keys, null, 2) : table(['name', 'scopes', 'made', 'last used', 'revoked', 'id'], keys.map((row) => [row.name, row.scopes.join(' '), row.createdAt, row.lastUsedAt, row.revokedAt, row.id])));
    }));

  key.command('revoke <id>').description('revoke a key').addOption(dataDirOption())
    .action((id: string, options: { dataDir?: string }) => withApi(context, options, async (api) => {
      const revoked = (await api.call('DELETE', `/api/api-keys/${encodeURIComponent(id)}`)) as ApiKey;
      print(context, `Revoked ${revoked.name} (${revoked.id}).`);
    }));
}
