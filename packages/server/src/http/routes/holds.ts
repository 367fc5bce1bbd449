import { Id } from '@clms/protocol';
import Type from 'typebox';
import { holdList } from '../../domain/circulation-lists.ts';
import { cancelHold, Hold, HOLD_STATUSES, holdById, holdEntity, placeHold } from '../../domain/holds.ts';
import { decodeTextPair, Page, pageLimit, PageQuery, toPage } from '../page.ts';
import { command, query, STAFF, STAFF_READ, type Route } from '../route.ts';

const closed = { additionalProperties: false } as const;
const optional = Type.Optional;

/** Reservations of titles. */
export const holdRoutes: Route[] = [
  query({
    method: 'GET',
    path: '/api/holds',
    access: STAFF_READ,
    tag: 'Circulation',
    summary: 'Holds in the order in which they were placed.',
    query: Type.Object({ ...PageQuery.properties, open: optional(Type.Boolean()), status: optional(Type.Enum(HOLD_STATUSES)), studentId: optional(Id), titleId: optional(Id) }, closed),
    answer: Page(Hold),
    async handle({ db }, { query: { cursor, ...filter } }) {
      const limit = pageLimit(filter);
      const rows = await holdList(db, { ...filter, after: decodeTextPair(cursor), limit: limit + 1 });
      const { items, nextCursor } = toPage(rows, limit, (row) => [row.placedAt, row.id], (row) => row);
      return { items: await Promise.all(items.map((row) => holdEntity(db, row))), nextCursor };
    },
  }),
  query({
    method: 'GET',
    path: '/api/holds/:id',
    access: STAFF_READ,
    tag: 'Circulation',
    summary: 'One hold.',
    params: Type.Object({ id: Id }),
    answer: Hold,
    handle: ({ db }, { params }) => holdById(db, params.id),
  }),
  command({
    method: 'POST',
    path: '/api/holds',
    access: STAFF,
    tag: 'Circulation',
    summary: 'Reserves the title of a copy for a person. A free copy is kept at once.',
    status: 201,
    body: Type.Object({ bookId: Id, studentId: Id }, closed),
    answer: Hold,
    handle: (unit, { body }) => placeHold(unit, { bookId: body.bookId, personId: body.studentId }),
  }),
  command({
    method: 'DELETE',
    path: '/api/holds/:id',
    access: STAFF,
    tag: 'Circulation',
    summary: 'Cancels a hold; a copy that was kept goes to the next.',
    params: Type.Object({ id: Id }),
    answer: Hold,
    handle: (unit, { params }) => cancelHold(unit, params.id),
  }),
];
