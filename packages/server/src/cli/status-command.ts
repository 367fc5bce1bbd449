import type { Command } from 'commander';
import { askServer } from './ask-server.ts';
import { callRunningServer, requireServer } from './api-caller.ts';
import { configOf, print, table, type CommandContext } from './command-context.ts';
import { dataDirOption } from './data-dir-option.ts';

interface Health {
  readonly status: string;
  readonly version: string;
  readonly uptimeSeconds: number;
  readonly database: { readonly ok: boolean };
  readonly broker: { readonly kind: string; readonly ok: boolean };
}

/** What `GET /api/websocket/status` says, as far as it is shown here. */
interface LiveStatus {
  readonly totalConnections?: number;
  readonly activeConnections?: number;
  readonly messagesPerSecond?: number;
  readonly errorRate?: number;
  readonly averageLatency?: number | null;
  readonly byRole?: Readonly<Record<string, number>>;
  readonly byTopic?: Readonly<Record<string, number>>;
  readonly slowConsumers?: number;
  readonly droppedMessages?: number;
}

export function addStatusCommand(program: Command, context: CommandContext): void {
  program.command('status').description('how the running server is').option('--json', 'as JSON').addOption(dataDirOption())
    .action(async (options: { json?: true; dataDir?: string }) => {
      const config = configOf(context, options);
      const { httpUrl, wsUrl, pid } = await requireServer(config);
      const api = await callRunningServer(context, config);
      // An unusable database answers 503 with the same body: that is a status too.
      const health = (await (await askServer(`${httpUrl}/health`)).json()) as Health;
      const live = (await api.call('GET', '/api/websocket/status')) as LiveStatus;
      if (options.json) return print(context, JSON.stringify({ httpUrl, wsUrl, pid, health, live }, null, 2));
      print(context, table(['CLMS', health.version], [
        ['status', health.status],
        ['web app', httpUrl],
        ['sockets', wsUrl],
        ['process', pid],
        ['up for', `${Math.round(health.uptimeSeconds)} s`],
        ['database', health.database.ok ? 'ok' : 'not usable'],
        ['broker', `${health.broker.kind}, ${health.broker.ok ? 'ok' : 'degraded'}`],
        ['connections', `${live.activeConnections ?? 0} now, ${live.totalConnections ?? 0} since the start`],
        ['by role', counts(live.byRole)],
        ['by topic', counts(live.byTopic)],
        ['messages/s', live.messagesPerSecond],
        ['latency', live.averageLatency === undefined || live.averageLatency === null ? undefined : `${live.averageLatency} ms`],
        ['slow readers', live.slowConsumers],
        ['dropped', live.droppedMessages],
      ]));
    });
}

function counts(map: Readonly<Record<string, number>> = {}): string {
  return Object.entries(map).map(([name, count]) => `${name} ${count}`).join(', ');
}
