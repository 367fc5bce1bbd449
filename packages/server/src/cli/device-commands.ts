import type { Command } from 'commander';
import type { Device } from '../domain/accounts/devices.ts';
import { allItems, withApi } from './api-caller.ts';
import { choice } from './choice.ts';
import { print, table, type CommandContext } from './command-context.ts';
import { dataDirOption } from './data-dir-option.ts';

interface PairOptions {
  readonly dataDir?: string;
  readonly role: string;
  readonly station?: string;
  readonly location?: string;
}

export function addDeviceCommands(program: Command, context: CommandContext): void {
  const device = program.command('device').description('kiosks and displays');

  device.command('pair <name>').description('add a device and print the code to type on it').option('--role <role>', 'KIOSK or DISPLAY', choice('KIOSK', 'DISPLAY'), 'KIOSK').option('--station <station>', 'what scans name and notices address').option('--location <location>', 'room it stands in').addOption(dataDirOption())
    .action((name: string, options: PairOptions) => withApi(context, options, async (api) => {
      const { role, station, location } = options;
      const body = { name, role, ...(station !== undefined && { station }), ...(location !== undefined && { location }) };
      const added = (await api.call('POST', '/api/devices', body)) as { id: string; code: string; codeExpiresAt: string };
      print(context, `Pairing code: ${added.code}\nType it on the device before ${added.codeExpiresAt}. The device is ${added.id}.`);
    }));

  device.command('list').description('all devices').option('--json', 'as JSON').addOption(dataDirOption())
    .action((options: { dataDir?: string; json?: true }) => withApi(context, options, async (api) => {
      const devices = await allItems<Device>(api, '/api/devices');
      print(context, options.json ? JSON.stringify(devices, null, 2) : table(['name', 'role', 'state', 'station', 'location', 'last seen', 'id'], devices.map((row) => [row.name, row.role, row.state, row.station, row.location, row.lastSeenAt, row.id])));
    }));

  device.command('revoke <id>').description('take a device’s token away').addOption(dataDirOption())
    .action((id: string, options: { dataDir?: string }) => withApi(context, options, async (api) => {
      const revoked = (await api.call('DELETE', `/api/devices/${encodeURIComponent(id)}`)) as Device;
      print(context, `Revoked ${revoked.name} (${revoked.id}).`);
    }));
}
