import { STAFF_ROLES } from '@clms/protocol';
import type { Command } from 'commander';
import type { User } from '../domain/accounts/users.ts';
import { allItems, withApi, type ApiCaller } from './api-caller.ts';
import { choice } from './choice.ts';
import { CommandFailure, print, table, type CommandContext } from './command-context.ts';
import { dataDirOption } from './data-dir-option.ts';
import { readPassword } from './password-input.ts';

interface UserOptions {
  readonly dataDir?: string;
  readonly role: string;
  readonly password?: string;
  readonly displayName?: string;
}

const PASSWORD_HELP = 'visible to other users of this machine while the command runs; without it the password is asked for, or read from a pipe';

export function addUserCommands(program: Command, context: CommandContext): void {
  const user = program.command('user').description('staff accounts');

  user.command('add <username>').description('add an account').requiredOption('--role <role>', STAFF_ROLES.join(', '), choice(...STAFF_ROLES)).option('--display-name <name>').option('--password <password>', PASSWORD_HELP).addOption(dataDirOption())
    .action((username: string, options: UserOptions) => withApi(context, options, async (api) => {
      const password = options.password ?? (await readPassword(context, `Password for ${username}: `));
      const body = { username, password, role: options.role, ...(options.displayName !== undefined && { displayName: options.displayName }) };
      const added = (await api.call('POST', '/api/users', body)) as User;
      print(context, `Added ${added.username} (${added.role}, ${added.id}).`);
    }));

  user.command('list').description('all accounts').option('--json', 'as JSON').addOption(dataDirOption())
    .action((options: { dataDir?: string; json?: true }) => withApi(context, options, async (api) => {
      const users = await allItems<User>(api, '/api/users');
      print(context, options.json ? JSON.stringify(users, null, 2) : table(['username', 'role', 'active', 'name', 'id'], users.map((row) => [row.username, row.role, row.active ? 'yes' : 'no', row.displayName, row.id])));
    }));

  user.command('disable <username>').description('end the account’s sessions and let it in no more').addOption(dataDirOption())
    .action((username: string, options: { dataDir?: string }) => withApi(context, options, async (api) => {
      await api.call('PATCH', `/api/users/${await idOf(api, username)}`, { active: false });
      print(context, `Disabled ${username}; its sessions are over.`);
    }));

  user.command('enable <username>').description('let a disabled account in again').addOption(dataDirOption())
    .action((username: string, options: { dataDir?: string }) => withApi(context, options, async (api) => {
      await api.call('PATCH', `/api/users/${await idOf(api, username)}`, { active: true });
      print(context, `Enabled ${username}.`);
    }));

  user.command('reset-password <username>').description('set another password; ends the account’s sessions').option('--password <password>', PASSWORD_HELP).addOption(dataDirOption())
    .action((username: string, options: UserOptions) => withApi(context, options, async (api) => {
      const id = await idOf(api, username);
      await api.call('PATCH', `/api/users/${id}`, { password: options.password ?? (await readPassword(context, `New password for ${username}: `)) });
      print(context, `${username} has a new password; old sessions are over.`);
    }));
}

async function idOf(api: ApiCaller, username: string): Promise<string> {
  const found = (await allItems<User>(api, '/api/users')).find((user) => user.username.toLowerCase() === username.toLowerCase());
  if (!found) throw new CommandFailure(`There is no user "${username}". "clms user list" shows all.`);
  return found.id;
}
