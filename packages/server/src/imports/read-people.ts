import { decodeText } from './decode-text.ts';
import { mapColumns, type FieldRow, type MappedTable, type Mapping } from './columns.ts';
import { openZip } from './open-zip.ts';
import { rosterExtras } from './oneroster.ts';
import { PEOPLE_ALIASES, peopleFormat, type PeopleField } from './people-columns.ts';
import { draftPerson, type PersonDraft } from './person-draft.ts';
import { personSource } from './person-source.ts';
import { readTable, type Breathe } from './read-table.ts';
import type { Reading } from './reading.ts';
import { RowNote } from './row-note.ts';
import { sniffFile } from './sniff-file.ts';
import { unreadable } from './unreadable.ts';

/** Records judged before the event loop gets its turn: about 5 ms of work. */
const TURN = 500;

/** Reads a file of pupils and personnel in any of the known formats. */
export async function readPeople(bytes: Buffer, mapping: Mapping, breathe: Breathe): Promise<Reading<PersonDraft>> {
  const shape = sniffFile(bytes);
  if (shape === 'marc' || shape === 'xml') throw unreadable('These are catalogue records, not people. Import them with kind=books.');
  if (shape === 'zip') return readPackage(bytes, mapping, breathe);
  return readSheet(bytes, mapping, breathe, () => ({}));
}

async function readPackage(bytes: Buffer, mapping: Mapping, breathe: Breathe): Promise<Reading<PersonDraft>> {
  const files = await openZip(bytes, (name) => name.endsWith('.csv'));
  const users = files.get('users.csv') ?? files.get('student.csv') ?? (files.size === 1 ? [...files.values()][0] : undefined);
  if (!users) throw unreadable(`The ZIP file holds no users.csv (OneRoster) and no student.csv (SDS). It holds: ${[...files.keys()].join(', ') || 'no CSV file'}.`);
  return readSheet(users, mapping, breathe, await rosterExtras(files, breathe));
}

async function readSheet(bytes: Buffer, mapping: Mapping, breathe: Breathe, extras: (sourcedId: string) => Partial<Record<PeopleField, string>>): Promise<Reading<PersonDraft>> {
  const { text, encoding } = decodeText(bytes);
  const table = await readTable(text, breathe);
  const mapped = mapColumns(table, PEOPLE_ALIASES, [], mapping);
  refuseMissing(mapped);
  // Whoever says which column is the id knows better than the headers.
  const format = Object.hasOwn(mapping, 'schoolId') ? 'TABLE' : peopleFormat(mapped.headers);
  const judged = [];
  for (const [index, row] of mapped.rows.entries()) {
    const note = new RowNote(row.line);
    if (row.filler !== undefined) note.fill(row.filler);
    for (const doubt of row.doubts ?? []) note.review(doubt);
    judged.push({ note, draft: row.filler === undefined ? draftPerson(personSource(withExtras(row, extras), format), note) : undefined });
    if (index % TURN === TURN - 1) await breathe();
  }
  return { format, encoding, delimiter: table.delimiter, lineEnd: table.lineEnd, columns: mapped.columns, judged };
}

function withExtras(row: FieldRow<PeopleField>, extras: (sourcedId: string) => Partial<Record<PeopleField, string>>): FieldRow<PeopleField> {
  const sourcedId = row.values.sourcedId;
  if (sourcedId === undefined) return row;
  const more = Object.entries(extras(sourcedId.trim())).filter(([field]) => !row.values[field as PeopleField]?.trim());
  return more.length === 0 ? row : { ...row, values: { ...row.values, ...Object.fromEntries(more) } };
}

/** A person needs an id and a name; which column holds them differs from format to format. */
function refuseMissing({ fields, columns }: MappedTable<PeopleField>): void {
  const id = (['schoolId', 'barcode', 'sourcedId', 'cardNumber', 'sisId', 'identifier', 'studentNumber', 'employeeNumber', 'username'] as const).some((field) => fields.has(field));
  const name = (['surname', 'givenName', 'fullName'] as const).some((field) => fields.has(field));
  const missing = [...(id ? [] : ['an id (User ID)']), ...(name ? [] : ['a name (Surname, First Name)'])];
  if (missing.length === 0) return;
  const headers = columns.map(({ header }) => header);
  const found = headers.map((header) => header || '(no header)').join(', ').slice(0, 500);
  throw unreadable(`The table has no column for ${missing.join(' and ')}. Its columns are: ${found}. Rename a column, or say in "mapping" which column it is.`, { missing, headers, columns });
}
