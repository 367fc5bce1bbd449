import type { Aliases } from './columns.ts';

export type PeopleField =
  | 'schoolId' | 'barcode' | 'surname' | 'givenName' | 'fullName' | 'gradeLevel' | 'strand' | 'section' | 'designation' | 'sex' | 'active' | 'enabled' | 'username' | 'sourcedId' | 'identifier' | 'cardNumber' | 'sisId' | 'studentNumber' | 'employeeNumber' | 'jobTitle';

/** Names of the columns in the school's own sheet, OneRoster, Koha, Microsoft SDS, Snipe-IT and the sheets people make themselves. */
export const PEOPLE_ALIASES: Aliases<PeopleField> = {
  schoolId: ['User ID', 'School ID', 'ID', 'ID No', 'ID Number', 'Student ID', 'Student No', 'LRN', 'Learner Reference Number', 'Patron ID', 'Admission No'],
  barcode: ['Barcode', 'Card Barcode', 'Library Card', 'Card No'],
  surname: ['Surname', 'Last Name', 'Family Name', 'lastname', 'familyName'],
  givenName: ['First Name', 'Given Name', 'Given Names', 'Forename', 'firstname', 'givenName'],
  fullName: ['Name', 'Full Name', 'Student Name', 'Complete Name'],
  gradeLevel: ['Grade Level', 'Grade', 'Grades', 'Year Level', 'Level'],
  strand: ['Strand', 'Track'],
  section: ['Section', 'Class', 'Homeroom', 'Class Section', 'sort1'],
  designation: ['Designation', 'Type', 'Patron Type', 'Role', 'categorycode', 'User Type', 'Position'],
  sex: ['Sex', 'Gender'],
  active: ['Status', 'Activated', 'Active'],
  enabled: ['enabledUser'],
  username: ['Username', 'userid', 'User Name', 'Login'],
  sourcedId: ['sourcedId', 'Sourced ID'],
  identifier: ['identifier'],
  cardNumber: ['cardnumber', 'Card Number'],
  sisId: ['SIS ID'],
  studentNumber: ['Student Number'],
  employeeNumber: ['Employee Number', 'Employee No', 'Employee ID'],
  jobTitle: ['Job Title'],
};

export type PeopleFormat = 'SCHOOL_SHEET' | 'ONEROSTER' | 'KOHA' | 'MICROSOFT_SDS' | 'SNIPE_IT_USERS' | 'TABLE';

/** Whose export this is, by headers that only it has. */
export function peopleFormat(headers: ReadonlySet<string>): PeopleFormat {
  const has = (...names: string[]) => names.every((name) => headers.has(name));
  if (has('sourcedid', 'givenname', 'familyname')) return 'ONEROSTER';
  if (has('cardnumber', 'surname', 'categorycode') || has('cardnumber', 'surname', 'branchcode')) return 'KOHA';
  if (has('sisid', 'firstname', 'lastname')) return 'MICROSOFT_SDS';
  if (has('username', 'firstname', 'lastname', 'employeenumber')) return 'SNIPE_IT_USERS';
  return has('userid', 'surname', 'firstname') ? 'SCHOOL_SHEET' : 'TABLE';
}
