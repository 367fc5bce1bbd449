import { sniffDelimiter, type Delimiter } from './delimiter.ts';
import { readRecords, type Breathe, type TableRow } from './read-records.ts';
import { unreadable } from './unreadable.ts';

export type { Breathe, TableRow } from './read-records.ts';

export interface Table {
  readonly delimiter: Delimiter;
  readonly lineEnd: 'LF' | 'CRLF' | 'CR';
  readonly header: TableRow;
  readonly rows: readonly TableRow[];
}

/**
 * Reads delimited text: delimiter and line ends are found out, quoted cells may hold line breaks, rows may be shorter or longer than the header.
 * Rows whose cells are all empty are kept, so that a caller can account for every record of the file; line ends after the last row are not rows.
 */
export async function readTable(text: string, breathe: Breathe): Promise<Table> {
  const delimiter = sniffDelimiter(text);
  const records = await readRecords(text, delimiter, breathe);
  while (records.length > 0 && isEmptyLine(records.at(-1)!)) records.pop();
  const start = records.findIndex((record) => !isBlank(record));
  const header = records[start];
  if (!header) throw unreadable('The file holds no table: every line is blank.');
  return { delimiter, lineEnd: lineEndOf(text), header, rows: records.slice(start + 1) };
}

/** Whether a record has nothing in any cell. */
export const isBlank = (row: TableRow): boolean => row.cells.every((cell) => cell.trim() === '');
const isEmptyLine = (row: TableRow): boolean => row.cells.length === 1 && row.cells[0]!.trim() === '';

function lineEndOf(text: string): 'LF' | 'CRLF' | 'CR' {
  const at = text.search(/[\r\n]/);
  if (at < 0 || text[at] === '\n') return 'LF';
  return text[at + 1] === '\n' ? 'CRLF' : 'CR';
}
