import type { Actor } from '../domain/actor.ts';
import { localTime, toInstant } from '../domain/instant.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Unit } from '../domain/unit.ts';
import type { UnitRunner } from '../domain/unit-runner.ts';
import { newId } from '../ids.ts';
import type { Mapping } from './columns.ts';
import { planImport, type ImportPlan, type KindReading } from './import-plan.ts';
import type { ImportKind } from './import-result.ts';
import { readBooks } from './read-books.ts';
import { readEquipment } from './read-equipment.ts';
import { readPeople } from './read-people.ts';
import type { Breathe } from './read-table.ts';

/** Share of the active people that one import may deactivate without being asked twice [PPL3]. */
const CONFIRM_SHARE = 0.2;
/** Rejected rows told with a refusal; the import itself keeps all. */
const TOLD_ROWS = 100;

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

/** A plan that is not carried out. The import keeps it: the rows to correct are in it. */
class PlanRefused extends Refusal {
  readonly plan: ImportPlan;

  constructor(code: string, words: string, plan: ImportPlan, details: Record<string, unknown>) {
    const rows = plan.rows.filter((row) => row.outcome === 'reject').slice(0, TOLD_ROWS);
    super(409, code, words, { details: { ...details, counts: plan.counts, rows } });
    this.plan = plan;
  }
}

/** Reads, plans and writes one import that has begun; its row in the database ends as PREVIEWED, APPLIED or FAILED. */
export async function carryOut(runner: UnitRunner, breathe: Breathe, actor: Actor, id: string, input: ImportInput): Promise<void> {
  try {
    if (!input.dryRun) await tell(runner, actor, id, 0, `Import of ${input.kind} started`);
    const read = await readFile(input, runner, breathe);
    const { format, encoding, delimiter, lineEnd, columns, judged } = read.reading;
    await runner.db.updateTable('imports').set({ format, encoding, delimiter, lineEnd, columns: columns === null ? null : JSON.stringify(columns), progress: 50 }).where('id', '=', id).execute();
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
      await unit.db.updateTable('imports').set({ status: 'FAILED', error: words, finishedAt: unit.at, ...(error instanceof PlanRefused && planColumns(error.plan)) }).where('id', '=', id).execute();
      if (!input.dryRun) progressEvent(unit, id, 100, `Import of ${input.kind} failed: nothing was changed`);
    });
    throw error instanceof Refusal ? new Refusal(error.status, error.code, error.message, { details: { importId: id, ...error.details } }) : error;
  }
}

function readFile({ kind, bytes, mapping = {} }: ImportInput, runner: UnitRunner, breathe: Breathe): Promise<KindReading> {
  switch (kind) {
    case 'students': return readPeople(bytes, mapping, breathe).then((reading) => ({ kind, reading }));
    case 'books': return readBooks(bytes, mapping, localTime(runner.now(), runner.venue.settings.timezone).year, breathe).then((reading) => ({ kind, reading }));
    case 'equipment': return readEquipment(bytes, mapping, breathe).then((reading) => ({ kind, reading }));
  }
}

/** Plans again inside the transaction, so that what is written fits what the library has become since the preview. */
async function apply(unit: Unit, id: string, read: KindReading, { full = false, strict = false, confirm = false }: ImportInput): Promise<void> {
  const plan = await planImport(unit.db, read, full, unit.venue, unit.at);
  const fillers = read.reading.judged.filter(({ note }) => note.verdict === 'filler').length;
  const rejected = plan.counts.reject - fillers;
  if (strict && rejected > 0) throw new PlanRefused('ROWS_REJECTED', `${rejected} rows cannot be written, so nothing was. Correct them, or import without strict.`, plan, { rejected });
  if (plan.deactivatedShare > CONFIRM_SHARE && !confirm) {
    const { deactivate } = plan.counts;
    const percent = Math.round(plan.deactivatedShare * 100);
    throw new PlanRefused('CONFIRM_DEACTIVATION', `${deactivate} people (${percent} % of the active ones) are missing from the file and would be deactivated. Repeat with confirm=true if the file is complete.`, plan, { deactivate, percent });
  }
  await plan.write(unit);
  await finish(unit, id, 'APPLIED', plan);
  unit.audit({ action: 'IMPORT_APPLIED', entity: 'import', entityId: id, details: { kind: read.kind, format: read.reading.format, ...plan.counts } });
  const { create, update, review, reject } = plan.counts;
  progressEvent(unit, id, 100, `Import of ${read.kind} finished: ${create} created, ${update} updated, ${review} to review, ${reject} left out`, { counts: plan.counts });
}

async function finish(unit: Unit, id: string, status: 'PREVIEWED' | 'APPLIED', plan: ImportPlan): Promise<void> {
  await unit.db.updateTable('imports').set({ status, ...planColumns(plan), progress: 100, finishedAt: unit.at }).where('id', '=', id).execute();
}

const planColumns = (plan: ImportPlan) => ({ counts: JSON.stringify(plan.counts), rows: JSON.stringify(plan.rows) });

const tell = (runner: UnitRunner, actor: Actor, id: string, percent: number, message: string): Promise<void> => runner.run(actor, async (unit) => progressEvent(unit, id, percent, message));

function progressEvent(unit: Unit, importId: string, percent: number, message: string, more: Record<string, unknown> = {}): void {
  unit.publish('system', 'system_update', { id: newId('system'), category: 'IMPORT', message, timestamp: unit.at, details: { importId, percent, ...more } });
}
