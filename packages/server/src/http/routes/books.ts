import { Id } from '@clms/protocol';
import Type from 'typebox';
import { Book, bookById, bookEntities, bookEntity, BookFields, BOOK_STATUSES, createBook, searchBooks } from '../../domain/books.ts';
import { changeBook } from '../../domain/book-loss.ts';
import { decodeTextPair, Page, pageLimit, PageQuery, toPage } from '../page.ts';
import { command, query, STAFF, STAFF_READ, type Route } from '../route.ts';

const closed = { additionalProperties: false } as const;
const ById = Type.Object({ id: Id });
// Callers may send the year as a number; it is kept as text, as "c1998" must be.
const Year = Type.Union([BookFields.properties.year, Type.Integer({ minimum: 0, maximum: 9999 })]);
const { barcode, title, ...others } = { ...BookFields.properties, year: Year };

const withYearAsText = <Body extends { year?: string | number | null }>({ year, ...body }: Body) => ({ ...body, ...(year !== undefined && { year: typeof year === 'number' ? String(year) : year }) });

/** The catalogue, copy by copy. */
export const bookRoutes: Route[] = [
  query({
    method: 'GET',
    path: '/api/books',
    access: STAFF_READ,
    tag: 'Circulation',
    summary: 'Copies by title; every word of `text` must occur in title, author, ISBN, call number or barcode.',
    query: Type.Object(
      { ...PageQuery.properties, text: Type.Optional(Type.String({ maxLength: 200 })), barcode: Type.Optional(Type.String({ maxLength: 64 })), titleId: Type.Optional(Id) },
      closed,
    ),
    answer: Page(Book),
    async handle({ db }, { query: { cursor, ...search } }) {
      const limit = pageLimit(search);
      const rows = await searchBooks(db, { ...search, after: decodeTextPair(cursor), limit: limit + 1 });
      const { items, nextCursor } = toPage(rows, limit, (row) => [row.searchKey, row.id], (row) => row);
      return { items: await bookEntities(db, items), nextCursor };
    },
  }),
  query({
    method: 'GET',
    path: '/api/books/:id',
    access: STAFF_READ,
    tag: 'Circulation',
    summary: 'One copy.',
    params: ById,
    answer: Book,
    handle: async ({ db }, { params }) => bookEntity(db, await bookById(db, params.id)),
  }),
  command({
    method: 'POST',
    path: '/api/books',
    access: STAFF,
    tag: 'Circulation',
    summary: 'Adds a copy. Copies with the same title and author are of one title.',
    status: 201,
    body: Type.Object({ barcode, title, ...Type.Partial(Type.Object(others)).properties }, closed),
    answer: Book,
    handle: (unit, { body }) => createBook(unit, withYearAsText(body)),
  }),
  command({
    method: 'PATCH',
    path: '/api/books/:id',
    access: STAFF,
    tag: 'Circulation',
    summary: 'Changes a copy. `status` LOST takes it out of the shelves, AVAILABLE says that a lost one was found.',
    params: ById,
    body: Type.Partial(Type.Object({ barcode, title, ...others, status: Type.Enum(BOOK_STATUSES) }), closed),
    answer: Book,
    handle: (unit, { params, body, ifMatch }) => changeBook(unit, params.id, withYearAsText(body), ifMatch),
  }),
];
