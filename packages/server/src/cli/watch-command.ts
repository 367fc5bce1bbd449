import { setTimeout as wait } from 'node:timers/promises';
import { BEARER_SUBPROTOCOL_PREFIX, CLOSE, SUBPROTOCOL, type ServerEnvelope } from '@clms/protocol';
import type { Command } from 'commander';
import { createColors } from 'picocolors';
import type { Config } from '../config/config.ts';
import { callRunningServer, localToken, requireServer } from './api-caller.ts';
import { CommandFailure, configOf, print, UsageError, type CommandContext } from './command-context.ts';
import { dataDirOption } from './data-dir-option.ts';
import { findServer, type Announcement } from './running-server.ts';

const RETRY_MS = 1000;

interface WatchOptions {
  readonly filter: string[];
  readonly snapshot?: true;
  readonly json?: true;
  readonly dataDir?: string;
}

/** Why a connection ended: what comes next. */
type Ending = { readonly kind: 'stopped' } | { readonly kind: 'lost' } | { readonly kind: 'failed'; readonly reason: string };

export function addWatchCommand(program: Command, context: CommandContext): void {
  program.command('watch <topic>').description('show the events of a topic as they come, until Ctrl-C').option('--filter <key=value...>', 'only these; several values of one key are alternatives', [] as string[])
    .option('--snapshot', 'begin with the present state').option('--json', 'one JSON object per line').addOption(dataDirOption())
    .action(async (topic: string, options: WatchOptions) => {
      const watch = new Watch(context, configOf(context, options), topic, options);
      await watch.run();
    });
}

class Watch {
  readonly #context: CommandContext;
  readonly #config: Config;
  readonly #topic: string;
  readonly #options: WatchOptions;
  readonly #filters: Record<string, string[]>;
  /** Of the last event shown: where to go on after a break. */
  #position: { epoch: string; offset: number } | undefined;

  constructor(context: CommandContext, config: Config, topic: string, options: WatchOptions) {
    this.#context = context;
    this.#config = config;
    this.#topic = topic;
    this.#options = options;
    this.#filters = parseFilters(options.filter);
  }

  async run(): Promise<void> {
    // A socket that is not let in says no reason; the same token shown over HTTP is told.
    await (await callRunningServer(this.#context, this.#config)).call('GET', '/api/auth/me');
    for (let server: Announcement | undefined = await requireServer(this.#config); server; server = await this.#serverAgain()) {
      const ending = await this.#follow(server.wsUrl, await localToken(this.#context, this.#config));
      if (ending.kind === 'stopped') return;
      if (ending.kind === 'failed') throw new CommandFailure(ending.reason);
      this.#context.stderr.write('The connection was lost; trying again until Ctrl-C.\n');
    }
  }

  /** Waits for the server to come back; undefined = interrupted meanwhile. */
  async #serverAgain(): Promise<Announcement | undefined> {
    const { interrupted } = this.#context;
    while (!interrupted.aborted) {
      // An interruption cuts the wait short; the loop's condition tells it.
      await wait(RETRY_MS, undefined, { signal: interrupted }).catch(() => undefined);
      const found = await findServer(this.#config.dataDir);
      if (found && !interrupted.aborted) return found;
    }
    return undefined;
  }

  /** Shows events until the connection ends. */
  #follow(wsUrl: string, token: string): Promise<Ending> {
    return new Promise((resolve) => {
      const socket = new WebSocket(wsUrl, [SUBPROTOCOL, BEARER_SUBPROTOCOL_PREFIX + token]);
      let failure: string | undefined;
      const stop = (): void => {
        resolve({ kind: 'stopped' });
        socket.close(CLOSE.NORMAL);
      };
      if (this.#context.interrupted.aborted) return stop();
      this.#context.interrupted.addEventListener('abort', stop, { once: true });
      socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'subscribe', data: this.#subscription() })));
      socket.addEventListener('message', ({ data }) => {
        const message = JSON.parse(String(data)) as ServerEnvelope;
        if (message.type === 'error') {
          failure = (message.data as { message: string }).message;
          socket.close(CLOSE.NORMAL);
        } else this.#show(message);
      });
      // An error is always followed by a close.
      socket.addEventListener('close', ({ code, reason }) => {
        this.#context.interrupted.removeEventListener('abort', stop);
        if (failure !== undefined) resolve({ kind: 'failed', reason: failure });
        else if (code === CLOSE.FORBIDDEN || code === CLOSE.UNAUTHENTICATED) resolve({ kind: 'failed', reason: reason || 'The server does not let this token in.' });
        else resolve({ kind: 'lost' });
      });
    });
  }

  #subscription(): object {
    const since = this.#position;
    return { topic: this.#topic, filters: this.#filters, ...(since ? { since } : { snapshot: this.#options.snapshot === true }) };
  }

  #show(message: ServerEnvelope): void {
    if (message.type === 'subscribed') {
      const { epoch, offset, snapshot } = message.data as { epoch: string; offset: number; snapshot?: unknown };
      this.#position ??= { epoch, offset };
      if (this.#position.epoch !== epoch) this.#position = { epoch, offset };
      if (this.#options.snapshot && snapshot !== undefined) this.#write(message, snapshot);
    } else if (message.topic === this.#topic) {
      if (this.#position && message.offset !== undefined) this.#position.offset = message.offset;
      this.#write(message, message.data);
    } else if (message.type === 'gap') {
      this.#context.stderr.write('This terminal was too slow: some events were dropped.\n');
    }
  }

  #write(message: ServerEnvelope, data: unknown): void {
    if (this.#options.json) return print(this.#context, JSON.stringify(message));
    const colors = createColors(this.#context.stdout.isTTY === true);
    print(this.#context, `${colors.dim(message.timestamp)} ${colors.bold(colors.cyan(message.type))} ${JSON.stringify(data)}`);
  }
}

function parseFilters(pairs: readonly string[]): Record<string, string[]> {
  const filters: Record<string, string[]> = {};
  for (const pair of pairs) {
    const [, key, value] = /^([A-Za-z]\w*)=(.+)$/.exec(pair) ?? [];
    if (key === undefined || value === undefined) throw new UsageError(`"${pair}" is not a filter; write key=value.`);
    (filters[key] ??= []).push(...value.split(','));
  }
  return filters;
}
