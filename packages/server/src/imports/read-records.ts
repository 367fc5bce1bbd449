import { parse, type CsvError } from 'csv-parse';
import { tooLarge, unreadable } from './unreadable.ts';

/** Rows of one file. A district's largest school has a tenth of it; a file beyond is a mistake, and is refused with words. */
const MAX_ROWS = 100_000;
/** Characters parsed before the event loop gets its turn: about 3 ms of work. */
const CHUNK = 256 * 1024;
/** A cell longer than this is a quote that was never closed. */
const MAX_RECORD = 256 * 1024;
/** Lines with a stray quotation mark that are put right; each costs reading the rest again, and a file with more was not written as a table. */
const MAX_STRAY = 20;
/** From so many lines of the table inside one cell on it is a mistake and not somebody's note; fewer are for somebody to look at. */
const SURELY_SWALLOWED = 2;

export interface TableRow {
  /** Line of the file on which the record begins, counted from 1; the header is usually line 1. */
  readonly line: number;
  readonly cells: readonly string[];
  /** The line opens a quotation mark that it does not close: it was read as if there were none. */
  readonly strayQuote?: true;
  /** A quoted cell holds what looks like the rest of this line and the beginning of another. */
  readonly perhapsSwallowed?: true;
}

/** Gives the event loop a turn; injected, so that tests need not wait. */
export type Breathe = () => Promise<void>;

/**
 * Cuts delimited text into records. Quoted cells may hold line breaks; a quotation mark that is opened and swallows the lines after it counts as
 * a letter of its own line, so that one mistake costs no other record.
 */
export async function readRecords(text: string, delimiter: string, breathe: Breathe): Promise<TableRow[]> {
  const records: TableRow[] = [];
  let [rest, line] = [text, 1];
  for (let strays = 0; ; strays++) {
    const part = await parsePart(rest, line, delimiter, breathe);
    for (const record of part.records) records.push(record);
    if (records.length > MAX_ROWS + 1) throw tooLarge(`The file has more than ${MAX_ROWS} rows. Split it and import the parts one after the other.`, { maxRows: MAX_ROWS });
    if (part.strayAt === undefined) return records;
    if (strays >= MAX_STRAY) throw unreadable(`The table breaks off near line ${part.strayAt}: more than ${MAX_STRAY} lines open a quotation mark that they do not close.`, { line: part.strayAt });
    const from = startOfLine(rest, part.strayAt - line);
    const end = endOfLine(rest, from);
    const cells = rest.slice(from, end.at).split(delimiter).map((cell) => cell.replace(/^\s*"|"\s*$/g, ''));
    records.push({ line: part.strayAt, cells, strayQuote: true });
    [rest, line] = [rest.slice(end.next), part.strayAt + 1];
  }
}

/** Records up to the end or to the first line (`strayAt`) whose quotation mark swallows others. */
async function parsePart(text: string, firstLine: number, delimiter: string, breathe: Breathe): Promise<{ records: TableRow[]; strayAt?: number }> {
  const records: TableRow[] = [];
  const failures: CsvError[] = [];
  let line = firstLine;
  let width = 0;
  let stray = false;
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: MAX_RECORD,
    // Taken here and not from the stream, which throws away what it holds when a later record is broken.
    on_record(cells: string[]) {
      const swallowed = Math.max(0, ...cells.map((cell, column) => linesSwallowed(cell, column, delimiter, width)));
      stray ||= swallowed >= SURELY_SWALLOWED;
      if (stray) return null;
      width = Math.max(width, cells.length);
      records.push({ line, cells, ...(swallowed > 0 && { perhapsSwallowed: true }) });
      line += 1 + lineBreaksIn(cells);
      return null;
    },
  });
  parser.resume();
  parser.on('error', (error: CsvError) => void failures.push(error));
  const goesOn = () => failures.length === 0 && !stray && records.length <= MAX_ROWS + 1;
  for (let at = 0; at < text.length && goesOn(); at += CHUNK) {
    parser.write(text.slice(at, at + CHUNK));
    await breathe();
  }
  if (goesOn()) await finished(parser);
  else parser.destroy();
  const [failure] = failures;
  if (stray || failure?.code === 'CSV_QUOTE_NOT_CLOSED' || failure?.code === 'CSV_MAX_RECORD_SIZE') return { records, strayAt: line };
  if (failure) throw unreadable(`The table breaks off near line ${line}: ${failure.message}`, { line });
  return { records };
}

/** How many ends of a table's lines a cell holds: what an unclosed quotation mark takes in until the next one, and hardly any librarian's note does. */
function linesSwallowed(cell: string, column: number, delimiter: string, width: number): number {
  if (width < 3 || !/[\r\n]/.test(cell)) return 0;
  const [first, ...others] = cell.split(/\r\n|\n|\r/).map((line) => line.split(delimiter).length);
  const restOfLine = column < width - 2 && first === width - column ? 1 : 0;
  return restOfLine + others.slice(0, -1).filter((cells) => cells === width).length;
}

function finished(parser: ReturnType<typeof parse>): Promise<void> {
  return new Promise((resolve) => {
    parser.once('end', resolve);
    parser.once('error', () => resolve()); // its listener above keeps the error
    parser.end();
  });
}

const LINE_END = /\r\n|\n|\r/g;

function startOfLine(text: string, linesBefore: number): number {
  LINE_END.lastIndex = 0;
  for (let passed = 0; passed < linesBefore; passed++) LINE_END.exec(text);
  return LINE_END.lastIndex;
}

function endOfLine(text: string, from: number): { at: number; next: number } {
  LINE_END.lastIndex = from;
  const found = LINE_END.exec(text);
  return found ? { at: found.index, next: LINE_END.lastIndex } : { at: text.length, next: text.length };
}

function lineBreaksIn(cells: readonly string[]): number {
  let count = 0;
  for (const cell of cells) if (cell.includes('\n') || cell.includes('\r')) count += cell.split(/\r\n|\n|\r/).length - 1;
  return count;
}
