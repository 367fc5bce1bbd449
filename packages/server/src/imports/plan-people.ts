import type { Selectable } from 'kysely';
import { barcodeKey, searchKey } from '../domain/normalise.ts';
import type { Tables } from '../store/tables.ts';
import { countRows, toRow, type ImportCounts, type ImportRow } from './import-result.ts';
import type { PersonDraft } from './person-draft.ts';
import type { Judged, RowNote } from './row-note.ts';

type PersonRow = Selectable<Tables['people']>;

export interface PeoplePlan {
  readonly rows: readonly ImportRow[];
  readonly counts: ImportCounts;
  /** Whole rows to insert, or to put in place of those with the same id. */
  readonly writes: readonly PersonRow[];
  /** Active people before the import: what the share of deactivations is measured by. */
  readonly activeBefore: number;
}

export interface PlanOptions {
  /** Whoever is not in the file is deactivated, never deleted [PPL3]. */
  readonly full: boolean;
  readonly at: string;
  /** Keys of barcodes on books and equipment: a scan finds the person first, and the thing never. */
  readonly taken: ReadonlySet<string>;
  newId(): string;
}

/**
 * Compares a file with the register: people are matched by school id, compared without case. What the file leaves blank stays as it is.
 * A barcode that another person has, in the file or in the register, is reported and its record left out. Pure.
 */
export function planPeople(existing: readonly PersonRow[], judged: readonly Judged<PersonDraft>[], options: PlanOptions): PeoplePlan {
  const bySchoolId = new Map(existing.map((person) => [person.schoolIdKey, person]));
  const barcodeOwner = new Map(existing.map((person) => [person.barcodeKey, person.schoolIdKey]));
  const lineOf = new Map<string, number>();
  const certain = new Set(judged.flatMap(({ draft }) => (draft && !draft.doubtfulId ? [barcodeKey(draft.schoolId)] : [])));
  const writes: PersonRow[] = [];
  const rows: ImportRow[] = [];
  for (const { note: original, draft } of judged) {
    const note = original.copy();
    const person = draft && settle(draft, note);
    const before = person && bySchoolId.get(person.schoolIdKey);
    if (!person || note.verdict === 'reject') {
      rows.push(toRow(note, 'unchanged'));
      continue;
    }
    if (before && sameFields(before, person)) {
      rows.push(toRow(note, 'unchanged'));
      continue;
    }
    writes.push(person);
    rows.push(toRow(note, before ? 'update' : 'create'));
  }
  const named = new Set(judged.flatMap(({ note }) => (note.subject === undefined ? [] : [barcodeKey(note.subject)])));
  const missing = options.full ? existing.filter((person) => person.active === 1 && !named.has(person.schoolIdKey)) : [];
  for (const person of missing) writes.push({ ...person, active: 0, version: person.version + 1, updatedAt: options.at });
  return { rows, counts: countRows(rows, missing.length), writes, activeBefore: existing.filter((person) => person.active === 1).length };

  function settle(draft: PersonDraft, note: RowNote): PersonRow | undefined {
    const key = barcodeKey(draft.schoolId);
    if (draft.doubtfulId && certain.has(key)) return void note.reject(`the id ${draft.schoolId} is a guess, and another line of the file has it for certain`);
    const line = lineOf.get(key);
    if (line !== undefined) return void note.reject(`the id ${draft.schoolId} is already on line ${line}`);
    lineOf.set(key, note.line);
    const before = bySchoolId.get(key);
    if (before?.erasedAt) return void note.reject(`the data of ${draft.schoolId} were erased and are not brought back`);
    const after = merge(before, draft, key, options);
    if (before && draft.doubtfulId && before.searchKey !== after.searchKey) return void note.reject(`the id ${draft.schoolId} is a guess and belongs to somebody with another name`);
    const owner = barcodeOwner.get(after.barcodeKey);
    if (owner !== undefined && owner !== key) return void note.reject(`the barcode ${after.barcode} is that of the person with the id ${bySchoolId.get(owner)?.schoolId ?? owner}`);
    if (options.taken.has(after.barcodeKey)) note.review(`the barcode ${after.barcode} is also on a book or on equipment, which a scan would not find any more`);
    if (before && before.barcodeKey !== after.barcodeKey) barcodeOwner.delete(before.barcodeKey);
    barcodeOwner.set(after.barcodeKey, key);
    return after;
  }
}

function merge(before: PersonRow | undefined, draft: PersonDraft, schoolIdKey: string, { at, newId }: PlanOptions): PersonRow {
  const barcode = draft.barcode ?? before?.barcode ?? draft.schoolId;
  const personnel = draft.kind === 'PERSONNEL';
  const grade = personnel
    ? { gradeLevel: null, strand: null, gradeCategory: 'PERSONNEL' }
    : draft.grade
      ? { gradeLevel: draft.grade.level, strand: draft.grade.strand, gradeCategory: draft.grade.category }
      : before?.kind === 'STUDENT'
        ? { gradeLevel: before.gradeLevel, strand: before.strand, gradeCategory: before.gradeCategory }
        : { gradeLevel: null, strand: null, gradeCategory: null };
  return {
    id: before?.id ?? newId(),
    version: (before?.version ?? 0) + 1,
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
    kind: draft.kind,
    schoolId: before?.schoolId ?? draft.schoolId,
    schoolIdKey,
    barcode,
    barcodeKey: barcodeKey(barcode),
    surname: draft.surname,
    givenName: draft.givenName,
    searchKey: searchKey(draft.surname, draft.givenName),
    ...grade,
    section: draft.section ?? before?.section ?? null,
    sex: draft.sex ?? before?.sex ?? null,
    active: (draft.active ?? true) ? 1 : 0,
    erasedAt: null,
  };
}

const COMPARED = ['kind', 'barcode', 'surname', 'givenName', 'gradeLevel', 'strand', 'gradeCategory', 'section', 'sex', 'active'] as const;

function sameFields(before: PersonRow, after: PersonRow): boolean {
  return COMPARED.every((column) => before[column] === after[column]);
}
