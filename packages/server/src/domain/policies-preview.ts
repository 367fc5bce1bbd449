import { GRADE_CATEGORIES } from '@clms/protocol';
import Type, { type Static } from 'typebox';
import { dueAtFor } from './loan-calendar.ts';
import { loanDays } from './loan-rules.ts';
import type { Unit } from './unit.ts';
import { mergePolicies, type PoliciesPatch } from './venue-changes.ts';

const LoanEffect = Type.Object({
  gradeCategory: Type.Enum(GRADE_CATEGORIES),
  collectionCode: Type.String({ description: '`default` = every collection without a rule of its own' }),
  days: Type.Integer({ description: '0 = for use in the library only' }),
  dueAt: Type.Union([Type.String(), Type.Null()], { description: 'of a loan made now; null where nothing is lent' }),
});
export const PoliciesPreview = Type.Object({ items: Type.Array(LoanEffect), nextCursor: Type.Null() });

/** What policies that are not saved yet would mean: until when each kind of reader would have a book of each collection that is lent now. */
export function previewPolicies({ venue, now }: Unit, patch: PoliciesPatch): Static<typeof PoliciesPreview> {
  const policies = mergePolicies(venue.policies, patch);
  const readers: ReadonlySet<string> = new Set(GRADE_CATEGORIES);
  const rooms = new Set(venue.settings.locations.map(({ name }) => name));
  const collections = Object.keys(policies.loans.days).filter((name) => !readers.has(name) && !rooms.has(name));
  const after = { ...venue, policies };
  const items = GRADE_CATEGORIES.flatMap((gradeCategory) =>
    collections.map((collectionCode) => {
      const days = loanDays({ location: null, gradeCategory, collectionCode }, policies.loans.days);
      return { gradeCategory, collectionCode, days, dueAt: days === 0 ? null : dueAtFor(now, days, after) };
    }),
  );
  return { items, nextCursor: null };
}
