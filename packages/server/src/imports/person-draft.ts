import { gradeOf, type Grade, type GradeLevel } from '../domain/grade.ts';
import { tidyBarcode } from '../domain/normalise.ts';
import { cleanText, repairId } from './cell-repair.ts';
import type { PersonSource } from './person-source.ts';
import type { RowNote } from './row-note.ts';

/** A person as an import would write it. Absent = the file says nothing, so what the register has stays. */
export interface PersonDraft {
  readonly schoolId: string;
  /** True when a spreadsheet has eaten digits of the id: it may create, but must not overwrite somebody with another name. */
  readonly doubtfulId: boolean;
  readonly barcode?: string;
  readonly surname: string;
  readonly givenName: string;
  readonly kind: 'STUDENT' | 'PERSONNEL';
  readonly grade?: { readonly level: GradeLevel; readonly strand: string | null; readonly category: Grade['category'] };
  readonly section?: string;
  readonly sex?: string;
  readonly active?: boolean;
}

const SEXES: Readonly<Record<string, string>> = { f: 'Female', female: 'Female', m: 'Male', male: 'Male' };
const STUDENT = /^(student|pupil|learner|stu|st)$/i;
const PERSONNEL = /^(personnel|staff|teacher|faculty|employee|administrator|principal|aide|proctor|counselor|librarian|sitestaff|districtadministrator|siteadministrator|systemadministrator)$/i;
/** Roles of people who are in a school's system without coming to its library. */
const NO_PATRON = /^(parent|guardian|relative)$/i;
/** A number where a name should stand, as a spreadsheet writes it. */
const NUMERIC_NAME = /^[\d.,]+(?:[eE][+-]?\d+)?$/;
const LONGEST_NAME = 120;

/** Repairs one record and says what it did. Undefined = it cannot be written; the note says why. */
export function draftPerson(source: PersonSource, note: RowNote): PersonDraft | undefined {
  const id = repairId(source.id, 'User ID', note);
  const schoolId = tidyBarcode(id.id);
  if (schoolId === '') return void note.reject('no id: the person cannot be told from others without one');
  note.subject = schoolId;
  if (schoolId.length > 64) return void note.reject('the id is longer than 64 characters');
  const barcode = source.barcode === undefined ? '' : tidyBarcode(repairId(source.barcode, 'Barcode', note).id);
  const surname = cleanText(source.surname, 'Surname', note);
  const givenName = cleanText(source.givenName, 'First Name', note);
  if (surname === '' && givenName === '') return void note.reject('no name');
  if (surname === '') note.review('no surname: the given name stands for it');
  if (givenName === '') note.review('no given name');
  if (surname.length > LONGEST_NAME || givenName.length > LONGEST_NAME) return void note.reject(`a name is longer than ${LONGEST_NAME} characters`);
  for (const name of [surname, givenName]) if (NUMERIC_NAME.test(name)) note.review('a number stands where a name should be');

  const { designation, sex } = whoSlipped(cleanText(source.designation, 'Designation', note), cleanText(source.sex, 'Sex', note), note);
  if (NO_PATRON.test(designation)) return void note.reject(`the role "${designation}" is not that of a patron`);
  const gradeText = cleanText(source.grade, 'Grade Level', note);
  const grade = gradeText === '' ? undefined : gradeOf(gradeText);
  const kind = kindOf(designation, grade, note);
  if (kind === 'STUDENT' && !grade) note.review(gradeText === '' ? 'no grade level' : `"${gradeText}" is no grade level; left empty`);
  const strand = cleanText(source.strand, 'Strand', note);
  const section = cleanText(source.section, 'Section', note);
  return {
    schoolId,
    doubtfulId: id.doubtful,
    surname: surname || givenName,
    givenName: surname === '' ? '' : givenName,
    kind,
    ...(barcode !== '' && { barcode }),
    ...(kind === 'STUDENT' && grade && { grade: { level: grade.level, strand: strand || (grade.strand ?? null), category: grade.category } }),
    ...(section !== '' && { section: section.slice(0, 80) }),
    ...(sex !== '' && { sex: sexOf(sex, note) }),
    ...(source.active !== undefined && { active: source.active }),
  };
}

/** A row whose last cells moved one column to the left: the designation holds the sex, and the sex nothing. */
function whoSlipped(designation: string, sex: string, note: RowNote): { designation: string; sex: string } {
  const slipped = SEXES[designation.toLowerCase()];
  if (slipped === undefined || sex !== '') return { designation, sex };
  note.repair(`Designation held "${designation}" and Sex nothing: the cells had slipped one column to the left`);
  return { designation: '', sex: slipped };
}

function kindOf(designation: string, grade: Grade | undefined, note: RowNote): 'STUDENT' | 'PERSONNEL' {
  if (STUDENT.test(designation)) return 'STUDENT';
  if (PERSONNEL.test(designation)) return 'PERSONNEL';
  if (designation !== '') note.review(`the designation "${designation}" is not known; taken for a ${grade ? 'student' : 'student without a grade'}`);
  return 'STUDENT';
}

function sexOf(text: string, note: RowNote): string {
  const sex = SEXES[text.toLowerCase()];
  if (sex === undefined) note.review(`Sex: "${text}" is kept as it is`);
  return sex ?? text.slice(0, 20);
}
