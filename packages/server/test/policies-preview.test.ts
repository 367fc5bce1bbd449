import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { borrow } from '../src/domain/loans.ts';
import { previewPolicies } from '../src/domain/policies-preview.ts';
import { openDesk, type Desk } from './desk.ts';
import { addBook, addPupil } from './holdings.ts';

let desk: Desk;
beforeEach(async () => void (desk = await openDesk()));
afterEach(() => desk.close());

const preview = (patch: Parameters<typeof previewPolicies>[1]) => desk.run(async (unit) => previewPolicies(unit, patch).items);

describe('the preview of policies', () => {
  it('[CIR2] says for every reader and collection until when a loan of now would run', async () => {
    const items = await preview({});
    expect(items).toContainEqual(expect.objectContaining({ gradeCategory: 'JUNIOR_HIGH', collectionCode: 'FIC', days: 7 }));
    expect(items).toContainEqual({ gradeCategory: 'PRIMARY', collectionCode: 'REF', days: 0, dueAt: null });
  });

  it('[CIR3] agrees with the loan that is made then', async () => {
    const pupil = await addPupil(desk, 1);
    const book = await addBook(desk, 'B1', { collectionCode: 'FIC' });
    const loan = await desk.run((unit) => borrow(unit, { bookId: book.id, personId: pupil.id, override: undefined, reason: undefined }));
    const effect = (await preview({})).find(({ gradeCategory, collectionCode }) => gradeCategory === pupil.gradeCategory && collectionCode === 'FIC');
    expect(effect?.dueAt).toBe(loan.dueAt);
  });

  it('[CIR1] follows a rule for a reader before the one for the collection, and saves nothing', async () => {
    const days = { ...desk.runner.venue.policies.loans.days, PRIMARY: 2 };
    const items = await preview({ loans: { days } });
    expect(items.find(({ gradeCategory, collectionCode }) => gradeCategory === 'PRIMARY' && collectionCode === 'FIC')?.days).toBe(2);
    expect(items.some(({ collectionCode }) => collectionCode === 'PRIMARY')).toBe(false);
    expect(desk.runner.venue.policies.loans.days).not.toHaveProperty('PRIMARY');
  });
});
