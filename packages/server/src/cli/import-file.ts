import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import type { Actor } from '../domain/actor.ts';
import { Refusal } from '../domain/refusal.ts';
import type { UnitRunner } from '../domain/unit-runner.ts';
import type { ImportInput } from '../imports/carry-out.ts';
import { createImportDesk, MAX_FILE_BYTES } from '../imports/import-desk.ts';
import type { ImportResult } from '../imports/import-result.ts';

/** Where a command writes: a terminal gets a progress bar, anything else plain lines. */
export interface Output {
  readonly isTTY: boolean;
  line(text: string): void;
}

export interface ImportFileOptions extends Omit<ImportInput, 'bytes' | 'fileName'> {
  readonly file: string;
}

/** Rows shown of each outcome that wants attention; the import itself keeps all of them. */
const SHOWN_ROWS = 20;

/** `clms import <file> --kind …`: previews or applies a file and prints what became of it. Answers the exit code. */
export async function importFile(runner: UnitRunner, actor: Actor, { file, ...options }: ImportFileOptions, out: Output): Promise<0 | 1> {
  const size = (await stat(file).catch(() => undefined))?.size;
  if (size === undefined) return fail(out, `There is no file ${file}.`);
  if (size > MAX_FILE_BYTES) return fail(out, `${file} is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB. Split it and import the parts one after the other.`);
  const desk = createImportDesk({ runner, breathe: () => setImmediate() });
  const progress = showProgress(runner, out);
  try {
    const begun = await desk.submit(actor, { ...options, bytes: await readFile(file), fileName: basename(file) });
    await desk.idle();
    const result = await desk.byId(begun.id);
    progress.stop();
    print(result, out);
    return result.status === 'FAILED' ? 1 : 0;
  } catch (error) {
    progress.stop();
    if (!(error instanceof Refusal)) throw error;
    return fail(out, error.message);
  }
}

function fail(out: Output, words: string): 1 {
  out.line(words);
  return 1;
}

function showProgress(runner: UnitRunner, out: Output): { stop(): void } {
  const bar = out.isTTY ? new SingleBar({ format: '{bar} {percentage} % {message}', clearOnComplete: true, hideCursor: true }) : undefined;
  bar?.start(100, 0, { message: '' });
  let stopped = false;
  runner.onCommit((events) => {
    if (stopped) return;
    for (const event of events) {
      if (event.type !== 'system_update') continue;
      const { message, details } = event.data as { message: string; details?: { percent?: number } };
      if (bar) bar.update(details?.percent ?? 0, { message });
      else out.line(message);
    }
  });
  return {
    stop() {
      stopped = true;
      bar?.stop();
    },
  };
}

function print(result: ImportResult, out: Output): void {
  const { counts, format, encoding, delimiter, status } = result;
  out.line(`${status}: ${[format, encoding, delimiter].filter(Boolean).join(', ')}`);
  out.line(Object.entries(counts).map(([name, count]) => `${name} ${count}`).join(', '));
  if (result.error) out.line(result.error);
  for (const outcome of ['reject', 'review'] as const) {
    const rows = result.rows.filter((row) => row.outcome === outcome);
    for (const row of rows.slice(0, SHOWN_ROWS)) out.line(`  line ${row.line} ${outcome}: ${row.reasons.join('; ')}`);
    if (rows.length > SHOWN_ROWS) out.line(`  … and ${rows.length - SHOWN_ROWS} more to ${outcome}`);
  }
}
