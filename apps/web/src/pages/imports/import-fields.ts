import type { ImportColumn, ImportKind } from '../../api/import-result.ts';

export interface ImportField {
  readonly name: string;
  readonly words: string;
}

const field = (name: string, words: string): ImportField => ({ name, words });

/** What a column of a file can be, in the order in which people look for it. */
export const IMPORT_FIELDS: Readonly<Record<ImportKind, readonly ImportField[]>> = {
  students: [
    field('schoolId', 'School id'), field('barcode', 'Card'), field('surname', 'Surname'), field('givenName', 'Given name'), field('fullName', 'Whole name'), field('gradeLevel', 'Grade'),
    field('strand', 'Strand'), field('section', 'Section'), field('designation', 'Pupil or personnel'), field('sex', 'Sex'), field('active', 'Active'),
  ],
  books: [
    field('barcode', 'Barcode'), field('title', 'Title'), field('author', 'Author'), field('callNumber', 'Call number'), field('collectionCode', 'Collection'), field('isbn', 'ISBN'), field('year', 'Year'),
    field('edition', 'Edition'), field('publisher', 'Publisher'), field('place', 'Place'), field('description', 'Description'), field('note', 'Note'), field('price', 'Price'), field('location', 'Location'),
  ],
  equipment: [
    field('name', 'Name'), field('barcode', 'Label'), field('type', 'Type'), field('model', 'Model'), field('location', 'Location'), field('seats', 'Seats'), field('maxMinutes', 'Longest session'), field('notes', 'Notes'),
  ],
};

/** Field → `#3` for the third column, or nothing: the file does not hold it. */
export type ColumnChoice = Readonly<Record<string, string>>;

export const columnAt = (index: number): string => `#${index + 1}`;

/** How the file was read: for each field the first column that is read as it. */
export function choiceOf(columns: readonly ImportColumn[]): ColumnChoice {
  const choice: Record<string, string> = {};
  for (const [index, column] of columns.entries()) if (column.field !== null) choice[column.field] ??= columnAt(index);
  return choice;
}

/** Only what differs from how the file was read: a column that was named by hand is no sign of the file's format any more. */
export function changedFields(read: ColumnChoice, chosen: ColumnChoice): ColumnChoice {
  return Object.fromEntries(Object.entries(chosen).filter(([name, column]) => column !== (read[name] ?? '')));
}
