import type { Actor } from '../domain/actor.ts';
import { invalid, Refusal } from '../domain/refusal.ts';
import type { UnitRunner } from '../domain/unit-runner.ts';
import type { ImportInput } from './carry-out.ts';
import type { ImportResult } from './import-result.ts';
import { beginImport, importById, latestImports } from './import-store.ts';
import type { Breathe } from './read-table.ts';

/** Largest file that is taken. The roster of a school of 10,000 is 1 MB. */
export const MAX_FILE_BYTES = 25 * 1024 * 1024;
/** Up to here the work takes about a second, and a caller rather waits for the whole answer. */
const LARGE_FILE_BYTES = 4 * 1024 * 1024;
/** Imports at work or waiting for their turn. Each holds its file in memory. */
const MAX_WAITING = 4;

/** Where files become people, books and equipment. Imports run one after the other, so that two cannot be planned against one state. */
export interface ImportDesk {
  /**
   * Reads, previews and (unless `dryRun`) writes a file: exactly what the preview says, whole or not at all. Large files answer `RUNNING` at once.
   * Refusals: FILE_UNREADABLE, FILE_TOO_LARGE, CONFIRM_DEACTIVATION, ROWS_REJECTED (strict), IMPORTS_BUSY.
   */
  submit(actor: Actor, input: ImportInput): Promise<ImportResult>;
  latest(): Promise<Omit<ImportResult, 'rows'>[]>;
  byId(id: string): Promise<ImportResult>;
  /** Resolves when nothing is at work any more. */
  idle(): Promise<void>;
}

export interface ImportDeskOptions {
  readonly runner: UnitRunner;
  readonly breathe: Breathe;
  /** From this size on `submit` answers before the work is done. */
  readonly largeBytes?: number;
  /** Told of faults of the server while a large file was at work, when nobody waits for the answer any more. */
  onFault?(error: unknown): void;
}

export function createImportDesk({ runner, breathe, largeBytes = LARGE_FILE_BYTES, onFault }: ImportDeskOptions): ImportDesk {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  async function submit(actor: Actor, input: ImportInput): Promise<ImportResult> {
    if (input.bytes.length > MAX_FILE_BYTES) throw new Refusal(413, 'FILE_TOO_LARGE', `The file is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB. Split it and import the parts one after the other.`, { details: { maxBytes: MAX_FILE_BYTES } });
    if (input.full && input.kind !== 'students') throw invalid('query.full', 'Only an import of students can be full: books and equipment are not deactivated by being absent.');
    if (waiting >= MAX_WAITING) throw new Refusal(503, 'IMPORTS_BUSY', 'Other imports are at work. Try again in a minute.', { retryAfter: 60 });
    waiting++;
    const id = await beginImport(runner, actor, input.kind, input.fileName).catch((error: unknown) => {
      waiting--;
      throw error;
    });
    // The readers of all formats are loaded with the first file.
    const done = last.then(() => import('./carry-out.ts')).then(({ carryOut }) => carryOut(runner, breathe, actor, id, input)).finally(() => waiting--);
    const waited = input.bytes.length < largeBytes;
    last = done.catch((error: unknown) => {
      // A refusal is written into the import; a waiting caller gets either.
      if (!waited && !(error instanceof Refusal)) onFault?.(error);
    });
    if (waited) await done;
    return importById(runner.db, id);
  }

  return { submit, latest: () => latestImports(runner.db), byId: (id) => importById(runner.db, id), idle: () => last.then(() => undefined) };
}
