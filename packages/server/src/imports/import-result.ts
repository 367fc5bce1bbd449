import Type, { type Static } from 'typebox';
import type { RowNote } from './row-note.ts';

export const IMPORT_KINDS = ['students', 'books', 'equipment'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];
const IMPORT_STATUSES = ['PREVIEWED', 'APPLIED', 'FAILED', 'RUNNING'] as const;
const OUTCOMES = ['create', 'update', 'unchanged', 'review', 'reject'] as const;
type Outcome = (typeof OUTCOMES)[number];

export const ImportCounts = Type.Object({
  create: Type.Integer(),
  update: Type.Integer(),
  unchanged: Type.Integer(),
  review: Type.Integer({ description: 'written as well, but somebody should look at them' }),
  reject: Type.Integer({ description: 'left out' }),
  deactivate: Type.Integer({ description: 'people missing from a full import' }),
});
export type ImportCounts = Static<typeof ImportCounts>;

export const ImportRow = Type.Object({
  line: Type.Integer({ description: 'line of the file (record number for MARC), from 1' }),
  subject: Type.Union([Type.String(), Type.Null()], { description: 'id, barcode or name of the thing that the row is about; never a person’s name' }),
  outcome: Type.Enum(OUTCOMES),
  reasons: Type.Array(Type.String()),
  repairs: Type.Array(Type.String()),
});
export type ImportRow = Static<typeof ImportRow>;

/** What an import answers, before and after it is applied. */
export const ImportResult = Type.Object({
  id: Type.String(),
  status: Type.Enum(IMPORT_STATUSES),
  kind: Type.Enum(IMPORT_KINDS),
  format: Type.Union([Type.String(), Type.Null()]),
  encoding: Type.Union([Type.String(), Type.Null()]),
  delimiter: Type.Union([Type.String(), Type.Null()], { description: 'the character between cells' }),
  lineEnd: Type.Union([Type.String(), Type.Null()], { description: 'LF, CRLF or CR' }),
  fileName: Type.Union([Type.String(), Type.Null()]),
  columns: Type.Union([Type.Array(Type.Object({ header: Type.String(), field: Type.Union([Type.String(), Type.Null()]) })), Type.Null()], { description: 'the columns of the file in order, each with the field it is read as; null for files without columns' }),
  counts: ImportCounts,
  rows: Type.Array(ImportRow),
  error: Type.Union([Type.String(), Type.Null()]),
  progress: Type.Integer({ description: 'percent' }),
  createdAt: Type.String(),
  finishedAt: Type.Union([Type.String(), Type.Null()]),
});
export type ImportResult = Static<typeof ImportResult>;

export const NO_COUNTS: ImportCounts = { create: 0, update: 0, unchanged: 0, review: 0, reject: 0, deactivate: 0 };

/** As long as the longest id that is taken; a longer one is rejected, and its beginning tells which it was. */
const LONGEST_SUBJECT = 64;

/** A record with what the plan decided. Filler (blank rows, titles) is counted as rejected: it is left out, and said so. */
export function toRow(note: RowNote, change: 'create' | 'update' | 'unchanged'): ImportRow {
  return { line: note.line, subject: note.subject?.slice(0, LONGEST_SUBJECT) || null, outcome: outcomeOf(note, change), reasons: [...note.reasons], repairs: [...note.repairs] };
}

function outcomeOf(note: RowNote, change: 'create' | 'update' | 'unchanged'): Outcome {
  if (note.verdict === 'reject' || note.verdict === 'filler') return 'reject';
  if (change === 'unchanged') return 'unchanged';
  return note.verdict === 'review' ? 'review' : change;
}

export function countRows(rows: readonly ImportRow[], deactivate: number): ImportCounts {
  const counts = { ...NO_COUNTS, deactivate };
  for (const row of rows) counts[row.outcome]++;
  return counts;
}
