import type { Policies } from './venue.ts';

/** What a late return costs, in centavos. */
export interface Lateness {
  readonly gradeCategory: string | null;
  /** Open days after the due date, up to the day of the return. */
  readonly openDaysLate: number;
  /** Price of the copy in centavos, where it is known. */
  readonly price: number | null;
}

/** [CIR6] The rate of the patron's category for each open day; never more than the copy's price, nor than the policy's maximum. */
export function fineFor({ gradeCategory, openDaysLate, price }: Lateness, policy: Policies['fines']): number {
  const perDay = policy.perDay[gradeCategory ?? 'default'] ?? policy.perDay.default ?? 0;
  return Math.min(perDay * Math.max(0, openDaysLate), policy.maximum, price ?? Infinity);
}
