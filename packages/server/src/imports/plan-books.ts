import type { Selectable } from 'kysely';
import { barcodeKey, tidyBarcode } from '../domain/normalise.ts';
import { bookSearchKey, titleKeyOf } from '../domain/titles.ts';
import type { Tables } from '../store/tables.ts';
import { untitled, type BookDraft } from './book-draft.ts';
import { countRows, toRow, type ImportCounts, type ImportRow } from './import-result.ts';
import type { Judged, RowNote } from './row-note.ts';

type BookRow = Selectable<Tables['books']>;
type TitleRow = Selectable<Tables['titles']>;

export interface BooksPlan {
  readonly rows: readonly ImportRow[];
  readonly counts: ImportCounts;
  readonly newTitles: readonly TitleRow[];
  /** Whole rows to insert, or to put in place of those with the same id. */
  readonly writes: readonly BookRow[];
  /** Ids among `writes` that are new: a copy for which somebody may be waiting. */
  readonly created: ReadonlySet<string>;
}

/**
 * Compares a catalogue with the library's: copies are matched by barcode. What the file leaves blank stays as it is. `taken` are keys of
 * people's barcodes. Pure.
 */
export function planBooks(
  existing: readonly BookRow[],
  titles: readonly Pick<TitleRow, 'id' | 'titleKey'>[],
  judged: readonly Judged<BookDraft>[],
  { at, newId, taken }: { at: string; newId(prefix: string): string; taken: ReadonlySet<string> },
): BooksPlan {
  const byBarcode = new Map(existing.map((book) => [book.barcodeKey, book]));
  const titleIds = new Map(titles.map((title) => [title.titleKey, title.id]));
  const lineOf = new Map<string, number>();
  const certain = new Set(judged.flatMap(({ draft }) => (draft && !draft.doubtfulBarcode ? [barcodeKey(draft.barcode)] : [])));
  const newTitles: TitleRow[] = [];
  const writes: BookRow[] = [];
  const created = new Set<string>();
  const rows: ImportRow[] = [];
  for (const { note: original, draft } of judged) {
    const note = original.copy();
    const key = draft && unusedKey(draft, note);
    if (!draft || key === undefined) {
      rows.push(toRow(note, 'unchanged'));
      continue;
    }
    const before = byBarcode.get(key);
    const fields = merge(before, draft);
    if (before && sameFields(before, fields)) {
      rows.push(toRow(note, 'unchanged'));
      continue;
    }
    const id = before?.id ?? newId('book');
    if (!before) created.add(id);
    writes.push({
      id, version: (before?.version ?? 0) + 1, createdAt: before?.createdAt ?? at, updatedAt: at, ...fields,
      titleId: titleIdOf(fields), barcodeKey: key, lost: before?.lost ?? 0, active: 1, searchKey: bookSearchKey(fields),
    });
    rows.push(toRow(note, before ? 'update' : 'create'));
  }
  return { rows, counts: countRows(rows, 0), newTitles, writes, created };

  function unusedKey(draft: BookDraft, note: RowNote): string | undefined {
    const key = barcodeKey(draft.barcode);
    if (draft.doubtfulBarcode && certain.has(key)) return void note.reject(`the barcode ${draft.barcode} is a guess, and another line of the file has it for certain`);
    const owner = byBarcode.get(key);
    if (draft.doubtfulBarcode && owner && owner.title !== draft.title) return void note.reject(`the barcode ${draft.barcode} is a guess and belongs to a copy with another title`);
    const line = lineOf.get(key);
    if (line !== undefined) return void note.reject(`the barcode ${draft.barcode} is already on line ${line}`);
    lineOf.set(key, note.line);
    if (taken.has(key)) note.review(`the barcode ${draft.barcode} is also a person's, whom a scan would find first`);
    return key;
  }

  function titleIdOf(fields: Fields): string {
    const titleKey = titleKeyOf(fields.title, fields.author);
    const found = titleIds.get(titleKey);
    if (found !== undefined) return found;
    const title = { id: newId('title'), version: 1, createdAt: at, updatedAt: at, titleKey, title: fields.title, author: fields.author, isbn: fields.isbn };
    newTitles.push(title);
    titleIds.set(titleKey, title.id);
    return title.id;
  }
}

const COMPARED = ['title', 'author', 'callNumber', 'collectionCode', 'isbn', 'year', 'edition', 'publisher', 'place', 'description', 'note', 'price', 'location'] as const;
type Fields = Pick<BookRow, (typeof COMPARED)[number] | 'barcode'>;

function merge(before: BookRow | undefined, draft: BookDraft): Fields {
  const barcode = before?.barcode ?? tidyBarcode(draft.barcode);
  const keep = <K extends (typeof COMPARED)[number]>(field: K): BookRow[K] | null => (draft[field] as BookRow[K] | undefined) ?? before?.[field] ?? null;
  return {
    barcode,
    title: keep('title') ?? untitled(barcode),
    author: keep('author'), callNumber: keep('callNumber'), collectionCode: keep('collectionCode'), isbn: keep('isbn'), year: keep('year'), edition: keep('edition'),
    publisher: keep('publisher'), place: keep('place'), description: keep('description'), note: keep('note'), price: keep('price'), location: keep('location'),
  };
}

function sameFields(before: BookRow, after: Fields): boolean {
  return before.active === 1 && COMPARED.every((column) => before[column] === after[column]);
}
