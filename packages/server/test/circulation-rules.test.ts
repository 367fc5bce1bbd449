import { describe, expect, it } from 'vitest';
import { fineFor } from '../src/domain/fines.ts';
import { loanDays, objectionsToLoan, objectionToRenewal, type BorrowFacts, type RenewFacts } from '../src/domain/loan-rules.ts';
import { titleKeyOf } from '../src/domain/titles.ts';
import { DEFAULT_POLICIES } from '../src/domain/venue.ts';

const { days } = DEFAULT_POLICIES.loans;
const copy = (collectionCode: string | null, more: { location?: string; gradeCategory?: string } = {}) => ({ location: more.location ?? null, gradeCategory: more.gradeCategory ?? 'JUNIOR_HIGH', collectionCode });

describe('[CIR2] loan days', () => {
  it.each([
    ['FIC', 7], ['GC', 3], ['FIL', 3], ['TR', 7], ['EB', 1], ['R', 0], ['REF', 0], ['XYZ', 3], [null, 3], [' fic ', 7],
  ])('of collection %j are %i', (code, expected) => {
    expect(loanDays(copy(code), days)).toBe(expected);
  });

  it('[CIR1] come from the most specific name: location, category, collection, default', () => {
    const table = { FIC: 7, JUNIOR_HIGH: 5, 'AVR Room': 2, default: 3 };
    expect(loanDays(copy('FIC', { location: 'AVR Room' }), table)).toBe(2);
    expect(loanDays(copy('FIC', { location: 'Main Library' }), table)).toBe(5);
    expect(loanDays(copy('FIC', { gradeCategory: 'PRIMARY' }), table)).toBe(7);
    expect(loanDays(copy('GC', { gradeCategory: 'PRIMARY' }), table)).toBe(3);
  });

  it('are never none by a name that is missing', () => {
    expect(loanDays(copy('Fiction'), { FIC: 7 })).toBe(1);
  });
});

describe('[CIR2] objections to a loan', () => {
  const fine: BorrowFacts = { personId: 'p', personActive: true, openLoans: 2, maxLoans: 3, overdue: undefined, heldFor: undefined, days: 7 };
  it.each<[string, Partial<BorrowFacts>, string[]]>([
    ['none', {}, []],
    ['three loans already', { openLoans: 3 }, ['LOAN_LIMIT']],
    ['one overdue', { overdue: { loanId: 'l', bookId: 'b', dueAt: '2025-10-01T15:59:00.000Z' } }, ['OVERDUE']],
    ['kept for another', { heldFor: { holdId: 'h', studentId: 'q', readyUntil: null } }, ['HELD_FOR_ANOTHER']],
    ['library use only', { days: 0 }, ['LIBRARY_USE_ONLY']],
    ['an inactive person over the limit', { personActive: false, openLoans: 3 }, ['PERSON_INACTIVE', 'LOAN_LIMIT']],
  ])('%s', (_name, more, codes) => {
    expect(objectionsToLoan({ ...fine, ...more }).map((refusal) => refusal.code)).toEqual(codes);
  });
});

describe('[CIR4] renewal', () => {
  const fine: RenewFacts = { renewals: 0, maxRenewals: 2, waiting: 0, freeCopies: 0, dueAt: '2025-10-14T15:59:00.000Z', newDueAt: '2025-10-21T15:59:00.000Z' };
  it.each<[string, Partial<RenewFacts>, string | undefined]>([
    ['is allowed', {}, undefined],
    ['is refused the third time', { renewals: 2 }, 'RENEWAL_LIMIT'],
    ['is refused when another waits', { waiting: 1 }, 'RESERVED'],
    ['is allowed when another copy can serve', { waiting: 1, freeCopies: 1 }, undefined],
    ['is refused when it gives no time', { newDueAt: '2025-10-14T15:59:00.000Z' }, 'NOT_LATER'],
  ])('%s', (_name, more, code) => {
    expect(objectionToRenewal({ ...fine, ...more })?.code).toBe(code);
  });
});

describe('[CIR6] fines in centavos', () => {
  it.each([
    ['PRIMARY', 3, null, 600],
    ['GRADE_SCHOOL', 3, null, 1500],
    ['SENIOR_HIGH', 1, null, 500],
    ['PERSONNEL', 30, null, 0],
    [null, 2, null, 1000],
    ['SENIOR_HIGH', 1000, null, 20_000],
    ['SENIOR_HIGH', 1000, 12_550, 12_550],
    ['SENIOR_HIGH', 1000, 90_000, 20_000],
    ['SENIOR_HIGH', 0, null, 0],
    ['SENIOR_HIGH', -2, null, 0],
  ])('%s, %i open days late, price %s: %i', (gradeCategory, openDaysLate, price, expected) => {
    expect(fineFor({ gradeCategory, openDaysLate, price }, DEFAULT_POLICIES.fines)).toBe(expected);
  });
});

describe('[CIR5] copies of one title', () => {
  it('are found by title and author without case, accents and punctuation', () => {
    expect(titleKeyOf('Noli Me Tángere', 'Rizal, José')).toBe(titleKeyOf('noli me tangere.', 'RIZAL JOSE'));
    expect(titleKeyOf('Noli Me Tangere', null)).not.toBe(titleKeyOf('Noli Me Tangere', 'Rizal'));
    expect(titleKeyOf('A', 'b c')).not.toBe(titleKeyOf('A b', 'c'));
  });
});
