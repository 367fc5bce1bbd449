import type { GradeCategory } from '@clms/protocol';

/** A pupil or a member of the personnel, as staff see them. */
export interface Person {
  readonly id: string;
  readonly kind: 'STUDENT' | 'PERSONNEL';
  readonly schoolId: string;
  readonly barcode: string;
  readonly surname: string;
  readonly givenName: string;
  readonly gradeLevel: string | null;
  readonly strand: string | null;
  readonly gradeCategory: GradeCategory | null;
  readonly section: string | null;
  readonly sex: string | null;
  readonly active: boolean;
  readonly version: number;
}

/** "Cruz, Aya" */
export function fullName({ surname, givenName }: Pick<Person, 'surname' | 'givenName'>): string {
  return [surname, givenName].filter(Boolean).join(', ');
}

export const GRADE_CATEGORY_WORDS: Readonly<Record<GradeCategory, string>> = {
  PRIMARY: 'Primary',
  GRADE_SCHOOL: 'Grade school',
  JUNIOR_HIGH: 'Junior high',
  SENIOR_HIGH: 'Senior high',
  PERSONNEL: 'Personnel',
};

interface GradeOf {
  readonly kind?: string | undefined;
  readonly gradeCategory?: string | null | undefined;
  readonly gradeLevel?: string | null | undefined;
  readonly strand?: string | null | undefined;
  readonly section?: string | null | undefined;
}

/** Visits and activities tell no kind; their category does. */
const isPersonnel = ({ kind, gradeCategory }: GradeOf): boolean => (kind ?? gradeCategory) === 'PERSONNEL';

/** "Grade 11 · STEM 1", "Kinder", "Personnel" */
export function gradeAndSection(person: GradeOf): string {
  if (isPersonnel(person)) return 'Personnel';
  const grade = gradeWords(person.gradeLevel);
  return [grade, person.strand, person.section].filter(Boolean).join(' · ');
}

/** "9 BB", for lines that have no room for more. */
export function gradeBriefly(person: GradeOf): string {
  return isPersonnel(person) ? 'Personnel' : [gradeWords(person.gradeLevel).replace('Grade ', ''), person.section].filter(Boolean).join(' ');
}

/** "Cruz, A." of "Cruz, Aya Maria". */
export const withInitial = (name: string): string => name.replace(/, (\p{L})(.*)$/u, ', $1.');

function gradeWords(level: string | null | undefined): string {
  if (!level) return '';
  if (/^\d+$/.test(level)) return `Grade ${level}`;
  return level.charAt(0) + level.slice(1).toLowerCase().replace('_', '-');
}
