import type { Actor } from '../domain/actor.ts';
import { toInstant } from '../domain/instant.ts';
import { conflict, invalid, Refusal } from '../domain/refusal.ts';
import type { Unit } from '../domain/unit.ts';
import type { UnitRunner } from '../domain/unit-runner.ts';
import { newId } from '../ids.ts';
import type { Mapping } from './columns.ts';
import { planImport, type ImportPlan, type KindReading } from './import-plan.ts';
import type { ImportKind, ImportResult } from './import-result.ts';
import { beginImport, importById, importOfKey, latestImports, rememberKey, type KeyedImport } from './import-store.ts';
import { readBooks } from './read-books.ts';
import { readEquipment } from './read-equipment.ts';
import { readPeople } from './read-people.ts';
import type { Breathe } from './read-table.ts';

/** Largest file that is taken. The roster of a school of 10,000 is 1 MB. */
export const MAX_FILE_BYTES = 25 * 1024 * 1024;
/** From this size on the answer does not wait for the work (202). */
const LARGE_FILE_BYTES = 4 * 1024 * 1024;
/** Imports at work or waiting for their turn. Each holds its file in memory. */
const MAX_WAITING = 4;
/** Share of the active people that one import may deactivate without being asked twice [PPL3]. */
const CONFIRM_SHARE = 0.2;

export interface ImportInput {
  readonly kind: ImportKind;
  readonly bytes: Buffer;
  readonly fileName?: string;
  /** Preview only: nothing but the preview itself is written. */
  readonly dryRun?: boolean;
  /** The file is the whole register: who is missing from it is deactivated. */
  readonly full?: boolean;
  /** One rejected row stops everything. */
  readonly strict?: boolean;
  /** More than a fifth of the people may be deactivated. */
  readonly confirm?: boolean;
  readonly mapping?: Mapping;
}

/** Where files become people, books and equipment. Imports run one after the other, so that two cannot be planned against one state. */
export interface ImportDesk {
  /**
   * Reads, previews and (unless `dryRun`) writes a file: exactly what the preview says, whole or not at all. Large files answer `RUNNING` at once.
   * Refusals: FILE_UNREADABLE, FILE_TOO_LARGE, CONFIRM_DEACTIVATION, ROWS_REJECTED (strict), IMPORTS_BUSY.
   */
  submit(actor: Actor, input: ImportInput): Promise<ImportResult>;
  /** As `submit`, once per account and key: the same file and options under the same key answer the import they began. */
  submitOnce(actor: Actor, input: ImportInput, key: KeyedImport | undefined): Promise<{ result: ImportResult; replayed: boolean }>;
  latest(): Promise<Omit<ImportResult, 'rows'>[]>;
  byId(id: string): Promise<ImportResult>;
  /** Resolves when nothing is at work any more. */
  idle(): Promise<void>;
}

export function createImportDesk({ runner, breathe }: { runner: UnitRunner; breathe: Breathe }): ImportDesk {
  let waiting = 0;
  /** Keyed imports at work: a repeat waits here. No more than `MAX_WAITING`. */
  const keys = new Map<string, Promise<ImportResult>>();
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
    const done = last.then(() => carryOut(runner, breathe, actor, id, input)).finally(() => waiting--);
    last = done.catch(() => undefined); // told to its own caller, and written into the import
    if (input.bytes.length < LARGE_FILE_BYTES) await done;
    return importById(runner.db, id);
  }

  async function submitOnce(actor: Actor, input: ImportInput, keyed: KeyedImport | undefined): Promise<{ result: ImportResult; replayed: boolean }> {
    if (!keyed) return { result: await submit(actor, input), replayed: false };
    const name = `${actor.id}\n${keyed.key}`;
    await keys.get(name)?.catch(() => undefined); // its failure is answered to its own caller; this one tries for itself
    const seen = await importOfKey(runner.db, actor, keyed);
    if (seen) return { result: seen, replayed: true };
    const done = submit(actor, input).then(async (result) => {
      await rememberKey(runner, actor, keyed, result);
      return result;
    });
    keys.set(name, done);
    try {
      return { result: await done, replayed: false };
    } finally {
      keys.delete(name);
    }
  }

  return { submit, submitOnce, latest: () => latestImports(runner.db), byId: (id) => importById(runner.db, id), idle: () => last.then(() => undefined) };
}

async function carryOut(runner: UnitRunner, breathe: Breathe, actor: Actor, id: string, input: ImportInput): Promise<void> {
  try {
    if (!input.dryRun) await tell(runner, actor, id, 0, `Import of ${input.kind} started`);
    const read = await readFile(input, runner, breathe);
    const { format, encoding, delimiter, judged } = read.reading;
    await runner.db.updateTable('imports').set({ format, encoding, delimiter, progress: 50 }).where('id', '=', id).execute();
    if (input.dryRun) {
      const plan = await planImport(runner.db, read, input.full ?? false, runner.venue, toInstant(runner.now()));
      await runner.run(actor, (unit) => finish(unit, id, 'PREVIEWED', plan));
      return;
    }
    await tell(runner, actor, id, 50, `Import of ${input.kind}: ${judged.length} rows read`);
    await runner.run(actor, (unit) => apply(unit, id, read, input));
  } catch (error) {
    const words = error instanceof Refusal ? error.message : 'The import failed by a fault of the server. Nothing was changed.';
    await runner.run(actor, async (unit) => {
      await unit.db.updateTable('imports').set({ status: 'FAILED', error: words, finishedAt: unit.at, ...failedRows(error) }).where('id', '=', id).execute();
      if (!input.dryRun) progressEvent(unit, id, 100, `Import of ${input.kind} failed: nothing was changed`);
    });
    throw error instanceof Refusal ? new Refusal(error.status, error.code, error.message, { details: { importId: id, ...error.details } }) : error;
  }
}

function readFile({ kind, bytes, mapping = {} }: ImportInput, runner: UnitRunner, breathe: Breathe): Promise<KindReading> {
  switch (kind) {
    case 'students': return readPeople(bytes, mapping, breathe).then((reading) => ({ kind, reading }));
    case 'books': return readBooks(bytes, mapping, new Date(runner.now()).getUTCFullYear(), breathe).then((reading) => ({ kind, reading }));
    case 'equipment': return readEquipment(bytes, mapping, breathe).then((reading) => ({ kind, reading }));
  }
}

/** Plans again inside the transaction, so that what is written fits what the library has become since the preview. */
async function apply(unit: Unit, id: string, read: KindReading, { full = false, strict = false, confirm = false }: ImportInput): Promise<void> {
  const plan = await planImport(unit.db, read, full, unit.venue, unit.at);
  const rejected = read.reading.judged.length - plan.rows.filter((row) => row.outcome !== 'reject').length - read.reading.judged.filter(({ note }) => note.verdict === 'filler').length;
  if (strict && rejected > 0) throw conflict('ROWS_REJECTED', `${rejected} rows cannot be written, so nothing was. Correct them, or import without strict.`, { counts: plan.counts, rows: plan.rows });
  if (plan.deactivatedShare > CONFIRM_SHARE && !confirm) {
    const percent = Math.round(plan.deactivatedShare * 100);
    throw conflict('CONFIRM_DEACTIVATION', `${plan.counts.deactivate} people (${percent} % of the active ones) are missing from the file and would be deactivated. Repeat with confirm=true if the file is complete.`, {
      deactivate: plan.counts.deactivate, percent, counts: plan.counts, rows: plan.rows,
    });
  }
  await plan.write(unit);
  await finish(unit, id, 'APPLIED', plan);
  unit.audit({ action: 'IMPORT_APPLIED', entity: 'import', entityId: id, details: { kind: read.kind, format: read.reading.format, ...plan.counts } });
  const { create, update, review, reject } = plan.counts;
  progressEvent(unit, id, 100, `Import of ${read.kind} finished: ${create} created, ${update} updated, ${review} to review, ${reject} left out`, { counts: plan.counts });
}

async function finish(unit: Unit, id: string, status: 'PREVIEWED' | 'APPLIED', plan: ImportPlan): Promise<void> {
  await unit.db.updateTable('imports').set({ status, counts: JSON.stringify(plan.counts), rows: JSON.stringify(plan.rows), progress: 100, finishedAt: unit.at }).where('id', '=', id).execute();
}

/** A refused import keeps its preview: the rows to correct are in it. */
function failedRows(error: unknown): { counts?: string; rows?: string } {
  const { counts, rows } = (error instanceof Refusal ? error.details : undefined) ?? {};
  return { ...(counts !== undefined && { counts: JSON.stringify(counts) }), ...(rows !== undefined && { rows: JSON.stringify(rows) }) };
}

const tell = (runner: UnitRunner, actor: Actor, id: string, percent: number, message: string): Promise<void> => runner.run(actor, async (unit) => progressEvent(unit, id, percent, message));

function progressEvent(unit: Unit, importId: string, percent: number, message: string, more: Record<string, unknown> = {}): void {
  unit.publish('system', 'system_update', { id: newId('system'), category: 'IMPORT', message, timestamp: unit.at, details: { importId, percent, ...more } });
}
