import { BOOK_ALIASES } from './book-columns.ts';
import { draftBook, type BookDraft } from './book-draft.ts';
import { mapColumns, type Mapping } from './columns.ts';
import { decodeText } from './decode-text.ts';
import { readMarcBinary, type MarcEntry } from './marc-binary.ts';
import { copiesOf } from './marc-book.ts';
import { readMarcXml } from './marc-xml.ts';
import { openZip } from './open-zip.ts';
import { readTable, type Breathe } from './read-table.ts';
import type { Reading } from './reading.ts';
import { RowNote, type Judged } from './row-note.ts';
import { sniffFile } from './sniff-file.ts';
import { tooLarge, unreadable } from './unreadable.ts';

/** Records judged before the event loop gets its turn: about 5 ms of work. */
const TURN = 500;
/** As many as a table may have rows. */
const MAX_RECORDS = 100_000;
const PACKED = /\.(?:csv|tsv|txt|mrc|marc|dat|xml)$/;

/** Reads a catalogue: a table, or MARC 21 records in binary or XML, also alone in a ZIP file. */
export async function readBooks(bytes: Buffer, mapping: Mapping, thisYear: number, breathe: Breathe): Promise<Reading<BookDraft>> {
  const shape = sniffFile(bytes);
  switch (shape) {
    case 'zip': {
      const files = [...(await openZip(bytes, (name) => PACKED.test(name))).values()];
      const only = files.length === 1 ? files[0] : undefined;
      if (!only || sniffFile(only) === 'zip') throw unreadable('The ZIP file must hold exactly one catalogue: a table or a MARC file.');
      return readBooks(only, mapping, thisYear, breathe);
    }
    case 'marc': {
      const file = await readMarcBinary(bytes, breathe);
      return { format: 'MARC21', encoding: file.encoding, delimiter: null, lineEnd: null, columns: null, judged: await judgeMarc(file.entries, thisYear, breathe) };
    }
    case 'xml': {
      const { text, encoding } = decodeText(bytes);
      return { format: 'MARCXML', encoding, delimiter: null, lineEnd: null, columns: null, judged: await judgeMarc(await readMarcXml(text, breathe), thisYear, breathe) };
    }
    case 'text': return readSheet(bytes, mapping, thisYear, breathe);
  }
}

async function readSheet(bytes: Buffer, mapping: Mapping, thisYear: number, breathe: Breathe): Promise<Reading<BookDraft>> {
  const { text, encoding } = decodeText(bytes);
  const table = await readTable(text, breathe);
  const mapped = mapColumns(table, BOOK_ALIASES, ['barcode', 'title'], mapping);
  const judged: Judged<BookDraft>[] = [];
  for (const [index, row] of mapped.rows.entries()) {
    const note = new RowNote(row.line);
    if (row.filler !== undefined) note.fill(row.filler);
    for (const doubt of row.doubts ?? []) note.review(doubt);
    judged.push({ note, draft: row.filler === undefined ? draftBook(row, thisYear, note) : undefined });
    if (index % TURN === TURN - 1) await breathe();
  }
  return { format: 'BOOK_TABLE', encoding, delimiter: table.delimiter, lineEnd: table.lineEnd, columns: mapped.columns, judged };
}

async function judgeMarc(entries: readonly MarcEntry[], thisYear: number, breathe: Breathe): Promise<Judged<BookDraft>[]> {
  if (entries.length > MAX_RECORDS) throw tooLarge(`The file has more than ${MAX_RECORDS} records. Split it and import the parts one after the other.`, { maxRecords: MAX_RECORDS });
  const judged: Judged<BookDraft>[] = [];
  for (const [index, { note, record }] of entries.entries()) {
    const copies = record ? copiesOf(record, note) : [];
    if (copies.length === 0) judged.push({ note, draft: undefined });
    for (const copy of copies) {
      const own = note.copy();
      judged.push({ note: own, draft: draftBook(copy, thisYear, own) });
    }
    if (index % TURN === TURN - 1) await breathe();
  }
  return judged;
}
