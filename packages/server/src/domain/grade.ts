import type { GradeCategory } from '@clms/protocol';

const GRADE_LEVELS = ['NURSERY', 'PRE_NURSERY', 'KINDER', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'] as const;
export type GradeLevel = (typeof GRADE_LEVELS)[number];

/** A grade as a value, never as a substring of a label: grade 1 is not in "11" [PPL2]. */
export interface Grade {
  readonly level: GradeLevel;
  /** What the school writes behind the number: "STEM 1". */
  readonly strand?: string;
  readonly category: Exclude<GradeCategory, 'PERSONNEL'>;
}

const BY_NAME: readonly (readonly [RegExp, GradeLevel])[] = [
  [/^PRE[\s_-]*NURSERY\b/, 'PRE_NURSERY'],
  [/^NURSERY\b/, 'NURSERY'],
  [/^KINDER(?:GARTEN)?\b/, 'KINDER'],
];
const BY_NUMBER = /^(?:GRADE|GR\.?|G|YEAR)?[\s_-]*(\d{1,2})(?!\d)[\s,:-]*(.*)$/;

/** Reads "GRADE 11 STEM 1", "Grade 7", "7", "PRE NURSERY"; undefined when the text is no grade ("2025-2026", "13"). */
export function gradeOf(text: string): Grade | undefined {
  const label = text.normalize('NFC').replace(/\s+/gu, ' ').trim().toUpperCase();
  for (const [pattern, level] of BY_NAME) {
    const found = pattern.exec(label);
    if (found) return grade(level, label.slice(found[0].length));
  }
  const found = BY_NUMBER.exec(label);
  if (!found) return undefined;
  const number = Number(found[1]);
  return number >= 1 && number <= 12 ? grade(String(number) as GradeLevel, found[2]!) : undefined;
}

function grade(level: GradeLevel, rest: string): Grade {
  const strand = rest.replace(/^[\s,:-]+/, '').trim();
  return { level, category: categoryOf(level), ...(strand && { strand }) };
}

/** PRIMARY is nursery to 3, GRADE_SCHOOL 4–6, JUNIOR_HIGH 7–10, SENIOR_HIGH 11–12. */
export function categoryOf(level: GradeLevel): Grade['category'] {
  const number = Number(level);
  if (!(number > 3)) return 'PRIMARY';
  if (number <= 6) return 'GRADE_SCHOOL';
  return number <= 10 ? 'JUNIOR_HIGH' : 'SENIOR_HIGH';
}
