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

/** "Grade 11 · STEM 1", "Kinder", "Personnel" */
export function gradeAndSection(person: { readonly kind?: string | undefined; readonly gradeLevel?: string | null | undefined; readonly strand?: string | null | undefined; readonly section?: string | null | undefined }): string {
  if (person.kind === 'PERSONNEL') return 'Personnel';
  const grade = gradeWords(person.gradeLevel);
  return [grade, person.strand, person.section].filter(Boolean).join(' · ');
}

function gradeWords(level: string | null | undefined): string {
  if (!level) return '';
  if (/^\d+$/.test(level)) return `Grade ${level}`;
  return level.charAt(0) + level.slice(1).toLowerCase().replace('_', '-');
}
