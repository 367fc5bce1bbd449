import { damagedWord, readPrice, readYear } from './book-cells.ts';
import type { BookField } from './book-columns.ts';
import { cleanText, repairId } from './cell-repair.ts';
import type { FieldRow } from './columns.ts';
import { readIsbn } from './isbn.ts';
import { RowNote } from './row-note.ts';

/** A copy as an import would write it. Absent = the file says nothing, so what the catalogue has stays. */
export interface BookDraft {
  readonly barcode: string;
  /** A spreadsheet has thrown digits of the barcode away, and zeros stand for them. */
  readonly doubtfulBarcode?: true;
  /** Absent = a copy without a title; a new one is then catalogued as `untitled`. */
  readonly title?: string;
  readonly author?: string;
  readonly callNumber?: string;
  readonly collectionCode?: string;
  readonly isbn?: string;
  readonly year?: string;
  readonly edition?: string;
  readonly publisher?: string;
  readonly place?: string;
  readonly description?: string;
  readonly note?: string;
  /** Centavos. */
  readonly price?: number;
  readonly location?: string;
}

/** What a cataloguer puts in brackets for want of a title; with the barcode, so that such copies are not taken for copies of one title. */
export const untitled = (barcode: string): string => `[untitled ${barcode}]`;

/** Longest text kept of one cell: what the form of a copy allows. */
const LONGEST: Readonly<Record<BookField, number>> = {
  barcode: 64, callNumber: 100, title: 500, author: 500, year: 40, edition: 100, isbn: 60, place: 300, publisher: 300, collectionCode: 40, description: 500, note: 1000, price: 40, location: 80,
};

/** Repairs one record of a catalogue and says what it did. Undefined = it cannot be written; the note says why. */
export function draftBook(row: FieldRow<BookField>, thisYear: number, note: RowNote): BookDraft | undefined {
  const { values } = row;
  const barcode = repairId(values.barcode, 'Barcode', note);
  if (barcode.id === '') return void note.reject('no barcode: a copy cannot be told from others without one');
  note.subject = barcode.id;
  if (barcode.id.length > LONGEST.barcode) return void note.reject(`the barcode is longer than ${LONGEST.barcode} characters`);
  const text = (field: BookField, column: string): string | undefined => {
    const clean = cleanText(values[field], column, note);
    if (clean.length > LONGEST[field]) note.review(`${column}: cut after ${LONGEST[field]} characters`);
    return clean === '' ? undefined : clean.slice(0, LONGEST[field]);
  };
  const title = text('title', 'Title');
  if (title === undefined) note.review(`no title; a new copy is catalogued as ${untitled(barcode.id)}`);
  const author = text('author', 'Author');
  for (const [column, value] of [['Title', title], ['Author', author]] as const) {
    const damaged = value === undefined ? undefined : damagedWord(value);
    if (damaged) note.review(`${column}: "${damaged}" looks damaged by a replace-all`);
  }
  const draft = {
    title,
    author,
    callNumber: text('callNumber', 'Call Number'),
    collectionCode: text('collectionCode', 'Collection Code')?.toUpperCase(),
    isbn: isbnOf(text('isbn', 'ISBN'), note),
    year: yearOf(text('year', 'Year'), thisYear, note),
    edition: text('edition', 'Edition'),
    publisher: text('publisher', 'Publisher'),
    place: text('place', 'Publication'),
    description: text('description', 'Physical Description'),
    note: text('note', 'Note Area'),
    price: priceOf(text('price', 'Price'), note),
    location: text('location', 'Location'),
  };
  const known = Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined)) as Omit<BookDraft, 'barcode' | 'doubtfulBarcode'>;
  return { barcode: barcode.id, ...(barcode.doubtful && { doubtfulBarcode: true }), ...known };
}

function isbnOf(cell: string | undefined, note: RowNote): string | undefined {
  const read = readIsbn(cell ?? '');
  switch (read.kind) {
    case 'none': return undefined;
    case 'valid': return read.isbn;
    case 'repaired':
      note.repair(`ISBN: ${cell} → ${read.isbn} (${read.how})`);
      return read.isbn;
    case 'doubtful':
      note.review(`ISBN: the check digit of ${cell} does not agree; kept as it is`);
      return read.isbn;
  }
}

function yearOf(cell: string | undefined, thisYear: number, note: RowNote): string | undefined {
  if (cell === undefined) return undefined;
  const year = readYear(cell, thisYear);
  if (year === undefined) note.review(`Year: "${cell}" is no year of publication; left empty`);
  return year;
}

function priceOf(cell: string | undefined, note: RowNote): number | undefined {
  if (cell === undefined) return undefined;
  const price = readPrice(cell);
  if (price === undefined) note.review(`Price: "${cell}" is no amount; left empty`);
  else if (!/^\d+(\.\d\d?)?$/.test(cell)) note.repair(`Price: ${cell} → ${(price / 100).toFixed(2)}`);
  return price;
}
