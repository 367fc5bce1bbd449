import type { Db } from '../store/open-store.ts';
import { prepared } from '../store/prepared.ts';
import { newId } from '../ids.ts';
import { gradeOf } from './grade.ts';
import { barcodeKey, searchKey, tidyBarcode, tidyName } from './normalise.ts';
import type { NewPerson, PersonPatch, PersonRow } from './person.ts';
import { conflict, invalid, notFound, stale } from './refusal.ts';
import type { Unit } from './unit.ts';

export type { PersonRow } from './person.ts';

const byId = prepared((db, id: string) => db.selectFrom('people').selectAll().where('id', '=', id));
const byBarcodeKey = prepared((db, key: string) => db.selectFrom('people').selectAll().where('barcodeKey', '=', key));

export async function findPerson(db: Db, id: string): Promise<PersonRow | undefined> {
  const [person] = await byId(db, id);
  return person;
}

/** As `findPerson`, for callers to whom a missing person is an error of the request. */
export async function personById(db: Db, id: string): Promise<PersonRow> {
  const person = await findPerson(db, id);
  if (!person) throw notFound('person');
  return person;
}

/** The person whose card says this; case, white space around and Code 39 asterisks do not count [PPL1]. */
export async function personByBarcode(db: Db, text: string): Promise<PersonRow | undefined> {
  const key = barcodeKey(text);
  const [person] = key === '' ? [] : await byBarcodeKey(db, key);
  return person;
}

/** Adds a pupil or a member of the personnel. The card's barcode is the school id unless one is given. */
export async function createPerson(unit: Unit, input: NewPerson): Promise<PersonRow> {
  const row: PersonRow = { id: newId('person'), version: 1, createdAt: unit.at, updatedAt: unit.at, erasedAt: null, ...columnsOf({ kind: 'STUDENT', active: true, barcode: input.schoolId, ...input }) };
  await refuseTaken(unit.db, row);
  await unit.db.insertInto('people').values(row).execute();
  unit.audit({ action: 'PERSON_CREATED', entity: 'person', entityId: row.id });
  return row;
}

/** Changes the named fields. A new school id leaves the barcode alone: the card in the pupil's hand still carries the old one. */
export async function updatePerson(unit: Unit, id: string, patch: PersonPatch, ifMatch?: number): Promise<PersonRow> {
  const before = await personById(unit.db, id);
  if (ifMatch !== undefined && ifMatch !== before.version) throw stale(before.version);
  if (before.erasedAt !== null) throw conflict('PERSON_ERASED', 'The data of this person were erased and cannot be changed any more.');
  // A new grade says whether there is a strand; an old strand must not stay behind it.
  const kept = patch.gradeLevel === undefined ? before : { ...before, strand: null };
  const row: PersonRow = { ...before, ...columnsOf({ ...kept, active: before.active === 1, ...patch }), version: before.version + 1, updatedAt: unit.at };
  await refuseTaken(unit.db, row);
  await unit.db.updateTable('people').set(row).where('id', '=', id).execute();
  unit.audit({ action: 'PERSON_CHANGED', entity: 'person', entityId: id, details: { fields: Object.keys(patch) } });
  return row;
}

type Fields = Required<Pick<NewPerson, 'kind' | 'active' | 'barcode'>> & NewPerson;
type Columns = Omit<PersonRow, 'id' | 'version' | 'createdAt' | 'updatedAt' | 'erasedAt'>;

function columnsOf(input: Fields): Columns {
  const surname = tidyName(input.surname);
  const givenName = tidyName(input.givenName);
  const schoolId = tidyBarcode(input.schoolId);
  const barcode = tidyBarcode(input.barcode);
  if (surname === '') throw invalid('body.surname', 'A surname is needed.');
  if (schoolId === '') throw invalid('body.schoolId', 'A school id is needed.');
  if (barcode === '') throw invalid('body.barcode', 'A barcode cannot be empty.');
  return {
    kind: input.kind, schoolId, schoolIdKey: barcodeKey(schoolId), barcode, barcodeKey: barcodeKey(barcode), surname, givenName, searchKey: searchKey(surname, givenName),
    section: textOrNull(input.section), sex: textOrNull(input.sex), active: input.active ? 1 : 0, ...gradeColumns(input),
  };
}

function gradeColumns({ kind, gradeLevel, strand }: Fields): Pick<Columns, 'gradeLevel' | 'strand' | 'gradeCategory'> {
  if (kind === 'PERSONNEL') return { gradeLevel: null, strand: null, gradeCategory: 'PERSONNEL' };
  if (gradeLevel === undefined || gradeLevel === null || gradeLevel.trim() === '') return { gradeLevel: null, strand: null, gradeCategory: null };
  const grade = gradeOf(gradeLevel);
  if (!grade) throw invalid('body.gradeLevel', 'Not a grade. Allowed: NURSERY, PRE_NURSERY, KINDER, 1 to 12, with a strand if there is one.');
  return { gradeLevel: grade.level, strand: textOrNull(strand) ?? grade.strand ?? null, gradeCategory: grade.category };
}

function textOrNull(text: string | null | undefined): string | null {
  return (text && tidyName(text)) || null;
}

async function refuseTaken(db: Db, row: PersonRow): Promise<void> {
  const taken = await db
    .selectFrom('people')
    .select(['id', 'schoolIdKey'])
    .where('id', '!=', row.id)
    .where((where) => where.or([where('schoolIdKey', '=', row.schoolIdKey), where('barcodeKey', '=', row.barcodeKey)]))
    .executeTakeFirst();
  if (!taken) return;
  if (taken.schoolIdKey === row.schoolIdKey) throw conflict('SCHOOL_ID_TAKEN', 'Another person has this school id.', { personId: taken.id });
  throw conflict('BARCODE_TAKEN', 'Another person has this barcode.', { personId: taken.id });
}
