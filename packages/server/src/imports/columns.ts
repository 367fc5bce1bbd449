import { Refusal } from '../domain/refusal.ts';
import { isBlank, type Table, type TableRow } from './read-table.ts';
import { unreadable } from './unreadable.ts';

/** What a field may be called in the files of the field's systems, in any case, with any blanks and punctuation. */
export type Aliases<F extends string> = Readonly<Record<F, readonly string[]>>;
/** By hand: field → header of the file, or `#3` for the third column, or nothing for a field that the file does not hold. */
export type Mapping = Readonly<Record<string, string>>;

/** Rows above the header that are looked at: a title, a date, a blank line. */
const HEADER_WITHIN = 10;

/** One record of a table under the names of our fields. A field that the file has no column for is absent; an empty cell is ''. */
export interface FieldRow<F extends string> {
  readonly line: number;
  readonly values: Readonly<Partial<Record<F, string>>>;
  /** Why this is no record at all, but must be accounted for: a blank row, a title, the header again. */
  readonly filler?: string;
  /** What is odd about the record as such, and may have put cells under wrong headers: for somebody to look at. */
  readonly doubts?: readonly string[];
}

/** A column of the file and the field it is read as; null = it is not read. */
export interface ReadColumn {
  readonly header: string;
  readonly field: string | null;
}

export interface MappedTable<F extends string> {
  readonly columns: readonly ReadColumn[];
  /** The file's headers, keyed as `headerKey` does: what the format is recognised by. */
  readonly headers: ReadonlySet<string>;
  readonly fields: ReadonlySet<F>;
  readonly rows: readonly FieldRow<F>[];
}

/** Header text as it is compared: letters and digits only, without case and accents. */
export function headerKey(text: string): string {
  return text.normalize('NFKD').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/**
 * Finds the header (the record among the first ten that names the most fields) and puts every record under it. Of two columns for one field
 * the first filled cell counts; columns without a header are left out unless mapped by position.
 */
export function mapColumns<F extends string>(table: Table, aliases: Aliases<F>, required: readonly F[], mapping: Mapping = {}): MappedTable<F> {
  const records = [table.header, ...table.rows];
  const columnsOf = (record: TableRow) => columnsByField(record, aliases, mapping);
  let headerAt = 0;
  let columns = columnsOf(records[0]!);
  for (const [index, record] of records.slice(0, HEADER_WITHIN).entries()) {
    const candidate = columnsOf(record);
    if (candidate.size > columns.size) [headerAt, columns] = [index, candidate];
  }
  const header = records[headerAt]!;
  refuseWrongMapping(header, aliases, mapping);
  const found = readColumns(header, columns);
  const missing = required.filter((field) => !columns.has(field));
  if (missing.length > 0) {
    throw unreadable(
      `The table has no column for ${missing.join(', ')}. Its columns are: ${header.cells.map((cell) => cell.trim() || '(no header)').join(', ')}. Rename a column, or say in "mapping" which column it is.`,
      { missing, headers: header.cells, columns: found },
    );
  }
  const same = header.cells.map(headerKey).join('\n');
  const rows = records.flatMap((record, index): FieldRow<F>[] => {
    if (index === headerAt) return [];
    if (isBlank(record)) return [filler(record, 'blank row')];
    if (index < headerAt) return [filler(record, 'line above the header')];
    if (record.cells.map(headerKey).join('\n') === same) return [filler(record, 'the header again')];
    if (isTotal(record)) return [filler(record, 'a total, not a record')];
    const doubts = doubtsAbout(record, header.cells.length);
    return [{ line: record.line, values: valuesOf(record, columns), ...(doubts.length > 0 && { doubts }) }];
  });
  return { columns: found, headers: new Set(header.cells.map(headerKey).filter(Boolean)), fields: new Set(columns.keys()), rows };
}

/** "TOTAL,,2784" under a list: the word first, and figures alone behind it. */
function isTotal({ cells }: TableRow): boolean {
  const [first, ...others] = cells.map((cell) => cell.trim()).filter(Boolean);
  return first !== undefined && /^(?:grand |sub-? ?)?totals?\b/i.test(first) && others.every((cell) => /^[^\p{L}]*\d[^\p{L}]*$/u.test(cell));
}

function doubtsAbout({ cells, strayQuote, perhapsSwallowed }: TableRow, width: number): string[] {
  const beyond = cells.slice(width).filter((cell) => cell.trim() !== '').length;
  return [
    ...(strayQuote ? ['a quotation mark is opened and not closed; the line was read as if there were none'] : []),
    ...(perhapsSwallowed ? ['a cell holds what looks like other lines of the table; a quotation mark may be missing'] : []),
    ...(beyond > 0 ? [`${beyond} ${beyond === 1 ? 'cell stands' : 'cells stand'} beyond the last column and ${beyond === 1 ? 'was' : 'were'} not read; a cell that holds the delimiter needs quotation marks`] : []),
  ];
}

const filler = <F extends string>(record: TableRow, words: string): FieldRow<F> => ({ line: record.line, values: {} as Partial<Record<F, string>>, filler: words });

function columnsByField<F extends string>(header: TableRow, aliases: Aliases<F>, mapping: Mapping): Map<F, number[]> {
  const keys = header.cells.map(headerKey);
  const columns = new Map<F, number[]>();
  for (const [field, names] of Object.entries(aliases) as [F, readonly string[]][]) {
    const byHand = mapping[field];
    if (byHand === '') continue;
    const wanted = byHand === undefined ? names.map(headerKey) : [headerKey(byHand)];
    const position = byHand === undefined ? null : /^#(\d{1,4})$/.exec(byHand);
    const found = position ? [Number(position[1]) - 1] : wanted.flatMap((name) => keys.flatMap((key, index) => (key !== '' && key === name ? [index] : [])));
    if (found.length > 0) columns.set(field, found);
  }
  return columns;
}

function readColumns<F extends string>(header: TableRow, columns: ReadonlyMap<F, readonly number[]>): ReadColumn[] {
  // A header may be an alias of two fields ("User ID"): the first of them is what people call it.
  return header.cells.map((cell, index) => ({ header: cell.trim(), field: [...columns].find(([, indexes]) => indexes.includes(index))?.[0] ?? null }));
}

function refuseWrongMapping<F extends string>(header: TableRow, aliases: Aliases<F>, mapping: Mapping): void {
  const keys = header.cells.map(headerKey);
  for (const [field, column] of Object.entries(mapping)) {
    if (!Object.hasOwn(aliases, field)) throw wrongMapping(`"${field}" is no field of this import. Fields: ${Object.keys(aliases).join(', ')}.`);
    const position = /^#(\d{1,4})$/.exec(column);
    const known = column === '' || (position ? Number(position[1]) >= 1 && Number(position[1]) <= keys.length : keys.includes(headerKey(column)));
    if (!known) throw wrongMapping(`The file has no column "${column}". Its columns are: ${header.cells.join(', ')}.`);
  }
}

const wrongMapping = (words: string): Refusal => new Refusal(400, 'INVALID_REQUEST', words, { errors: [{ path: 'mapping', message: words }] });

function valuesOf<F extends string>(record: TableRow, columns: ReadonlyMap<F, readonly number[]>): Partial<Record<F, string>> {
  const values: Partial<Record<F, string>> = {};
  for (const [field, indexes] of columns) {
    values[field] = indexes.map((index) => record.cells[index] ?? '').find((cell) => cell.trim() !== '') ?? '';
  }
  return values;
}
