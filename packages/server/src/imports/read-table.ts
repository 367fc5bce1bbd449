import { parse, type CsvError } from 'csv-parse';
import { sniffDelimiter, type Delimiter } from './delimiter.ts';
import { tooLarge, unreadable } from './unreadable.ts';

/** Rows of one file. A district's largest school has a tenth of it; a file beyond is a mistake, and is refused with words. */
const MAX_ROWS = 100_000;
/** Characters parsed before the event loop gets its turn: about 3 ms of work. */
const CHUNK = 256 * 1024;
/** A cell longer than this is a quote that was never closed. */
const MAX_RECORD = 256 * 1024;

export interface TableRow {
  /** Line of the file on which the record begins, counted from 1; the header is usually line 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface Table {
  readonly delimiter: Delimiter;
  readonly lineEnd: 'LF' | 'CRLF' | 'CR';
  readonly header: TableRow;
  readonly rows: readonly TableRow[];
}

/** Gives the event loop a turn; injected, so that tests need not wait. */
export type Breathe = () => Promise<void>;

/**
 * Reads delimited text: delimiter and line ends are found out, quoted cells may hold line breaks, rows may be shorter or longer than the header.
 * Rows whose cells are all empty are kept, so that a caller can account for every record of the file; line ends after the last row are not rows.
 */
export async function readTable(text: string, breathe: Breathe): Promise<Table> {
  const delimiter = sniffDelimiter(text);
  const records: TableRow[] = [];
  const failures: CsvError[] = [];
  let lines = 0;
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: MAX_RECORD,
    // Taken here and not from the stream, which throws away what it holds when a later record is broken.
    on_record(record: string[]) {
      records.push({ line: lines + 1, cells: record });
      lines += 1 + lineBreaksIn(record);
      return null;
    },
  });
  parser.resume();
  parser.on('error', (error: CsvError) => void failures.push(error));
  for (let at = 0; at < text.length && failures.length === 0 && records.length <= MAX_ROWS + 1; at += CHUNK) {
    parser.write(text.slice(at, at + CHUNK));
    await breathe();
  }
  if (failures.length === 0 && records.length <= MAX_ROWS + 1) await finished(parser);
  const [failure] = failures;
  if (failure) throw unreadable(`The table breaks off near line ${lines + 1}: ${plainWords(failure)}`, { line: lines + 1 });

  while (records.length > 0 && isEmptyLine(records.at(-1)!)) records.pop();
  const start = records.findIndex((record) => !isBlank(record));
  const header = records[start];
  if (!header) throw unreadable('The file holds no table: every line is blank.');
  const rows = records.slice(start + 1);
  if (rows.length > MAX_ROWS) throw tooLarge(`The file has more than ${MAX_ROWS} rows. Split it and import the parts one after the other.`, { maxRows: MAX_ROWS });
  return { delimiter, lineEnd: lineEndOf(text), header, rows };
}

/** Whether a record has nothing in any cell. */
export const isBlank = (row: TableRow): boolean => row.cells.every((cell) => cell.trim() === '');
const isEmptyLine = (row: TableRow): boolean => row.cells.length === 1 && row.cells[0]!.trim() === '';

function finished(parser: ReturnType<typeof parse>): Promise<void> {
  return new Promise((resolve) => {
    parser.once('end', resolve);
    parser.once('error', () => resolve()); // its listener above keeps the error
    parser.end();
  });
}

function lineBreaksIn(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) if (cell.includes('\n') || cell.includes('\r')) count += cell.split(/\r\n|\n|\r/).length - 1;
  return count;
}

function lineEndOf(text: string): 'LF' | 'CRLF' | 'CR' {
  const at = text.search(/[\r\n]/);
  if (at < 0 || text[at] === '\n') return 'LF';
  return text[at + 1] === '\n' ? 'CRLF' : 'CR';
}

function plainWords(error: CsvError): string {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED': return 'a quotation mark is opened and never closed.';
    case 'CSV_MAX_RECORD_SIZE': return `one record is longer than ${MAX_RECORD} characters; a quotation mark is probably missing.`;
    default: return error.message;
  }
}
