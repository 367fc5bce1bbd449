import type { FieldRow } from './columns.ts';
import type { PeopleField, PeopleFormat } from './people-columns.ts';

/** What one record of any people format says, still as written. Absent = the format has no such column. */
export interface PersonSource {
  readonly id: string | undefined;
  readonly barcode: string | undefined;
  readonly surname: string | undefined;
  readonly givenName: string | undefined;
  readonly grade: string | undefined;
  readonly strand: string | undefined;
  readonly section: string | undefined;
  /** Words for pupil or personnel; also roles and patron categories. */
  readonly designation: string | undefined;
  readonly sex: string | undefined;
  /** False only where the file says that the account is switched off. */
  readonly active: boolean | undefined;
}

/** Grade codes of OneRoster and SDS (Common Education Data Standards) in the school's words. */
const CEDS_GRADES: Readonly<Record<string, string>> = {
  IT: 'NURSERY', PR: 'NURSERY', PK: 'PRE NURSERY', TK: 'KINDER', KG: 'KINDER', K: 'KINDER',
};
/** Patron categories that Koha's own sample data brings. */
const KOHA_CATEGORIES: Readonly<Record<string, string>> = {
  ST: 'Student', K: 'Student', J: 'Student', YA: 'Student', PT: 'Student', S: 'Personnel', T: 'Personnel', L: 'Personnel',
};
const OFF = /^(false|no|0|inactive|disabled|withdrawn|left|tobedeleted)$/i;

/** Which column means what, format by format. */
export function personSource(row: FieldRow<PeopleField>, format: PeopleFormat): PersonSource {
  const { values } = row;
  const base = {
    id: values.schoolId,
    barcode: values.barcode,
    ...namesOf(values),
    grade: values.gradeLevel,
    strand: values.strand,
    section: values.section,
    designation: values.designation,
    sex: values.sex,
    active: [values.active, values.enabled].every((value) => value === undefined) ? undefined : !OFF.test(values.active?.trim() ?? '') && !OFF.test(values.enabled?.trim() ?? ''),
  };
  switch (format) {
    case 'ONEROSTER':
      // The sourcedId is the one key the standard promises to keep; the identifier is what is printed on cards.
      return { ...base, id: values.sourcedId, barcode: filled(values.barcode, values.identifier), grade: cedsGrade(values.gradeLevel) };
    case 'KOHA':
      return { ...base, id: filled(values.cardNumber, values.username), designation: KOHA_CATEGORIES[values.designation?.trim().toUpperCase() ?? ''] ?? values.designation };
    case 'MICROSOFT_SDS':
      return { ...base, id: values.sisId, barcode: filled(values.studentNumber), grade: cedsGrade(values.gradeLevel), designation: 'Student' };
    case 'SNIPE_IT_USERS':
      // An inventory's users are those who borrow its things at work.
      return { ...base, id: filled(values.employeeNumber, values.username), designation: 'Personnel', section: values.jobTitle };
    case 'SCHOOL_SHEET':
    case 'TABLE':
      return { ...base, id: filled(values.schoolId, values.cardNumber, values.identifier, values.studentNumber, values.employeeNumber, values.barcode, values.sisId, values.sourcedId, values.username) };
  }
}

function namesOf(values: FieldRow<PeopleField>['values']): { surname: string | undefined; givenName: string | undefined } {
  if (values.surname !== undefined || values.givenName !== undefined || values.fullName === undefined) return { surname: values.surname, givenName: values.givenName };
  const [surname = '', ...given] = values.fullName.split(',');
  return { surname, givenName: given.join(',') };
}

function cedsGrade(text: string | undefined): string | undefined {
  // The highest of a list such as "11,12": a pupil who is in two grades uses the library of the upper one.
  const code = text?.split(',').map((part) => part.trim().toUpperCase()).findLast((part) => part !== '');
  if (code === undefined) return text;
  return CEDS_GRADES[code] ?? code.replace(/^0+(?=\d)/, '');
}

/** The first cell with something in it; undefined when no such column exists. */
function filled(...cells: (string | undefined)[]): string | undefined {
  return cells.find((cell) => cell !== undefined && cell.trim() !== '') ?? cells.find((cell) => cell !== undefined);
}
