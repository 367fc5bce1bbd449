import { Id } from '@clms/protocol';
import Type from 'typebox';
import { loanList } from '../../domain/circulation-lists.ts';
import { Hold } from '../../domain/holds.ts';
import { Loan, loanById, loanEntities, loanEntity } from '../../domain/loan-view.ts';
import { borrow, renewLoan, reportLost, returnLoan } from '../../domain/loans.ts';
import { decodeTextPair, Page, pageLimit, PageQuery, toPage } from '../page.ts';
import { command, query, STAFF, STAFF_READ, type Route } from '../route.ts';

const closed = { additionalProperties: false } as const;
const ById = Type.Object({ id: Id });
const optional = Type.Optional;

/** Books that go out and come back. */
export const loanRoutes: Route[] = [
  query({
    method: 'GET',
    path: '/api/loans',
    access: STAFF_READ,
    tag: 'Circulation',
    summary: 'Loans: with `open` or `overdue` those that are out, by due date; otherwise all, newest first.',
    query: Type.Object({ ...PageQuery.properties, open: optional(Type.Boolean()), overdue: optional(Type.Boolean()), studentId: optional(Id), bookId: optional(Id) }, closed),
    answer: Page(Loan),
    async handle({ db, now, venue }, { query: { cursor, ...filter } }) {
      const limit = pageLimit(filter);
      const rows = await loanList(db, { ...filter, after: decodeTextPair(cursor), limit: limit + 1 }, now);
      const byDueDate = filter.open === true || filter.overdue === true;
      const { items, nextCursor } = toPage(rows, limit, (row) => [byDueDate ? row.dueAt : row.loanedAt, row.id], (row) => row);
      return { items: await loanEntities(db, items, now, venue), nextCursor };
    },
  }),
  query({
    method: 'GET',
    path: '/api/loans/:id',
    access: STAFF_READ,
    tag: 'Circulation',
    summary: 'One loan.',
    params: ById,
    answer: Loan,
    handle: async ({ db, now, venue }, { params }) => loanEntity(db, await loanById(db, params.id), now, venue),
  }),
  command({
    method: 'POST',
    path: '/api/loans',
    access: STAFF,
    tag: 'Circulation',
    summary: 'Lends a copy; `override` with a reason overrules every rule but that a copy is out once.',
    status: 201,
    body: Type.Object({ bookId: Id, studentId: Id, override: optional(Type.Boolean()), reason: optional(Type.String({ minLength: 1, maxLength: 200 })) }, closed),
    answer: Loan,
    handle: (unit, { body: { bookId, studentId, override, reason } }) => borrow(unit, { bookId, personId: studentId, override, reason }),
  }),
  command({
    method: 'POST',
    path: '/api/loans/:id/return',
    access: STAFF,
    tag: 'Circulation',
    summary: 'Takes a copy back; `hold` is the reservation it is kept for now.',
    params: ById,
    answer: Type.Object({ ...Loan.properties, hold: optional(Hold) }),
    handle: (unit, { params }) => returnLoan(unit, params),
  }),
  command({
    method: 'POST',
    path: '/api/loans/:id/renew',
    access: STAFF,
    tag: 'Circulation',
    summary: 'Gives the loan its days again.',
    params: ById,
    answer: Loan,
    handle: (unit, { params }) => renewLoan(unit, params.id),
  }),
  command({
    method: 'POST',
    path: '/api/loans/:id/lost',
    access: STAFF,
    tag: 'Circulation',
    summary: 'Marks the copy as lost: the fine stands still. A return undoes it.',
    params: ById,
    answer: Loan,
    handle: (unit, { params }) => reportLost(unit, params.id),
  }),
];
