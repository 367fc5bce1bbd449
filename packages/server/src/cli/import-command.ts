import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '@clms/realtime';
import { SingleBar } from 'cli-progress';
import { Option, type Command } from 'commander';
import type { Config } from '../config/config.ts';
import { SYSTEM } from '../domain/actor.ts';
import { Refusal } from '../domain/refusal.ts';
import { UnitRunner } from '../domain/unit-runner.ts';
import type { Mapping } from '../imports/columns.ts';
import { delimiterName } from '../imports/delimiter.ts';
import { createImportDesk, MAX_FILE_BYTES } from '../imports/import-desk.ts';
import { IMPORT_KINDS, type ImportKind, type ImportResult } from '../imports/import-result.ts';
import { openConfiguredStore } from '../start-step.ts';
import { askServer } from './ask-server.ts';
import { localToken } from './api-caller.ts';
import { CommandFailure, configOf, print, UsageError, type CommandContext } from './command-context.ts';
import { dataDirOption } from './data-dir-option.ts';
import { findServer } from './running-server.ts';

interface ImportOptions {
  readonly kind: ImportKind;
  readonly dryRun?: true;
  readonly full?: true;
  readonly strict?: true;
  readonly confirm?: true;
  readonly map?: readonly string[];
  readonly dataDir?: string;
}

/** Rows shown of each outcome that wants attention; the import itself keeps all of them. */
const SHOWN_ROWS = 20;
const POLL_MS = 500;

export function addImportCommand(program: Command, context: CommandContext): void {
  program.command('import <file>').description('read people, books or equipment from a file: previewed, then written whole or not at all')
    .addOption(new Option('--kind <kind>', 'what the file holds').choices(IMPORT_KINDS).makeOptionMandatory())
    .option('--dry-run', 'preview only')
    .option('--full', 'the file is the whole register: who is missing is deactivated')
    .option('--strict', 'one rejected row stops everything')
    .option('--confirm', 'more than a fifth of the people may be deactivated')
    .option('--map <field=column...>', 'which column holds a field, by header or position: --map schoolId=LRN surname=#2')
    .addOption(dataDirOption())
    .action(async (file: string, options: ImportOptions) => {
      const config = configOf(context, options);
      const size = (await stat(file).catch(() => undefined))?.size;
      if (size === undefined) throw new CommandFailure(`There is no file ${file}.`);
      if (size > MAX_FILE_BYTES) throw new CommandFailure(`${file} is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB. Split it and import the parts one after the other.`);
      const bytes = await readFile(file);
      const server = await findServer(config.dataDir);
      const progress = showProgress(context);
      try {
        const result = server ? await throughServer(server.httpUrl, await localToken(context, config), { file, bytes, options }, progress) : await intoDatabase(config, { file, bytes, options }, progress);
        progress.stop();
        show(context, result);
        if (result.status === 'FAILED') throw new CommandFailure(result.error ?? 'The import failed.');
      } finally {
        progress.stop();
      }
    });
}

interface Job {
  readonly file: string;
  readonly bytes: Buffer;
  readonly options: ImportOptions;
}

/** A running server writes by itself, so that its screens follow. */
async function throughServer(httpUrl: string, token: string, { file, bytes, options }: Job, progress: Progress): Promise<ImportResult> {
  const authorization = `Bearer ${token}`;
  const form = new FormData();
  for (const name of ['kind', 'dryRun', 'full', 'strict', 'confirm'] as const) if (options[name]) form.set(name, String(options[name]));
  const mapping = mappingOf(options);
  if (mapping) form.set('mapping', JSON.stringify(mapping));
  form.set('file', new Blob([new Uint8Array(bytes)]), basename(file));
  let result = await answerOf(await askServer(`${httpUrl}/api/imports`, { method: 'POST', headers: { authorization }, body: form }));
  while (result.status === 'RUNNING') {
    progress.update(result.progress, `Import of ${result.kind} at work`);
    await wait(POLL_MS);
    result = await answerOf(await askServer(`${httpUrl}/api/imports/${result.id}`, { headers: { authorization } }));
  }
  return result;
}

async function answerOf(response: Response): Promise<ImportResult> {
  const body = (await response.json().catch(() => ({}))) as ImportResult & { detail?: string };
  if (!response.ok) throw new CommandFailure(body.detail ?? `The server answered ${response.status}.`);
  return body;
}

async function intoDatabase(config: Config, { file, bytes, options }: Job, progress: Progress): Promise<ImportResult> {
  if (config.databaseUrl === 'memory:') throw new CommandFailure('The database is "memory:", and no server is running that holds one.');
  const store = await openConfiguredStore(config);
  try {
    const runner = await UnitRunner.open(store, systemClock);
    runner.onCommit((events) => {
      for (const event of events) {
        if (event.type !== 'system_update') continue;
        const { message, details } = event.data as { message: string; details?: { percent?: number } };
        progress.update(details?.percent ?? 0, message);
      }
    });
    const desk = createImportDesk({ runner, breathe: () => setImmediate(), largeBytes: Number.POSITIVE_INFINITY });
    const { kind, dryRun = false, full = false, strict = false, confirm = false } = options;
    const mapping = mappingOf(options);
    return await desk.submit(SYSTEM, { kind, bytes, fileName: basename(file), dryRun, full, strict, confirm, ...(mapping && { mapping }) });
  } catch (error) {
    throw error instanceof Refusal ? new CommandFailure(error.message) : error;
  } finally {
    await store.close();
  }
}

function mappingOf({ map }: ImportOptions): Mapping | undefined {
  if (!map) return undefined;
  return Object.fromEntries(
    map.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new UsageError(`--map takes field=column, such as surname=#2; "${pair}" is not.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

interface Progress {
  update(percent: number, message: string): void;
  stop(): void;
}

/** A bar on a terminal; elsewhere a plain line whenever there is something new to say. */
function showProgress(context: CommandContext): Progress {
  if (!context.stdout.isTTY) {
    let last: string | undefined;
    return {
      update(percent, message) {
        const line = `${message} (${percent} %)`;
        if (line !== last) print(context, line);
        last = line;
      },
      stop: () => undefined,
    };
  }
  const bar = new SingleBar({ format: '{bar} {percentage} % {message}', clearOnComplete: true, hideCursor: true, stream: context.stdout });
  bar.start(100, 0, { message: '' });
  return { update: (percent, message) => bar.update(percent, { message }), stop: () => bar.stop() };
}

function show(context: CommandContext, { counts, format, encoding, delimiter, lineEnd, status, rows }: ImportResult): void {
  print(context, `${status}: ${[format, encoding, delimiter && delimiterName(delimiter), lineEnd].filter(Boolean).join(', ')}`);
  print(context, Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(', '));
  for (const outcome of ['reject', 'review'] as const) {
    const found = rows.filter((row) => row.outcome === outcome);
    for (const row of found.slice(0, SHOWN_ROWS)) print(context, `  line ${row.line} ${outcome}: ${row.reasons.join('; ')}`);
    if (found.length > SHOWN_ROWS) print(context, `  … and ${found.length - SHOWN_ROWS} more to ${outcome}`);
  }
  const repaired = rows.filter((row) => row.repairs.length > 0);
  for (const row of repaired.slice(0, SHOWN_ROWS)) print(context, `  line ${row.line} repaired: ${row.repairs.join('; ')}`);
  if (repaired.length > SHOWN_ROWS) print(context, `  … and ${repaired.length - SHOWN_ROWS} more repaired`);
}
