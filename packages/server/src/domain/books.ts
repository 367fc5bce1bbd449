import type { Selectable } from 'kysely';
import Type, { type Static } from 'typebox';
import { newId } from '../ids.ts';
import type { Db } from '../store/open-store.ts';
import type { Tables } from '../store/tables.ts';
import { endHold, holdOnCopy, keepFreeCopies } from './hold-queue.ts';
import { barcodeKey, searchKey, tidyBarcode } from './normalise.ts';
import { conflict, notFound, stale } from './refusal.ts';
import { bookSearchKey, titleIdFor } from './titles.ts';
import type { Unit } from './unit.ts';

export type BookRow = Selectable<Tables['books']>;

const Text = (maxLength: number) => Type.Union([Type.String({ maxLength }), Type.Null()]);

/** What a form of a copy holds. Barcode, ISBN and year are text: leading zeros and "c1998" stay. */
export const BookFields = Type.Object(
  {
    barcode: Type.String({ minLength: 1, maxLength: 64, pattern: '\\S' }),
    title: Type.String({ minLength: 1, maxLength: 500, pattern: '\\S' }),
    author: Text(500),
    callNumber: Text(100),
    collectionCode: Text(40),
    isbn: Text(60),
    year: Text(40),
    edition: Text(100),
    publisher: Text(300),
    place: Text(300),
    description: Text(500),
    note: Text(1000),
    price: Type.Union([Type.Integer({ minimum: 0, maximum: 1_000_000_000, description: 'centavos' }), Type.Null()]),
    location: Text(80),
  },
  { additionalProperties: false },
);
type Fields = Static<typeof BookFields>;
export type BookPatch = Partial<Fields>;
export type BookInput = Pick<Fields, 'barcode' | 'title'> & BookPatch;

export const BOOK_STATUSES = ['AVAILABLE', 'ON_LOAN', 'ON_HOLD_SHELF', 'LOST'] as const;
export const Book = Type.Object({
  id: Type.String(),
  titleId: Type.String(),
  status: Type.Enum(BOOK_STATUSES),
  ...BookFields.properties,
  version: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
});
export type Book = Static<typeof Book>;

/** The copy, or a 404. */
export async function bookById(db: Db, id: string): Promise<BookRow> {
  const book = await db.selectFrom('books').selectAll().where('id', '=', id).executeTakeFirst();
  if (!book) throw notFound('book');
  return book;
}

/** The copy with this barcode; case and the reader's asterisks do not count, and no two copies differ by them alone. */
export function bookByBarcode(db: Db, text: string): Promise<BookRow | undefined> {
  return db.selectFrom('books').selectAll().where('barcodeKey', '=', barcodeKey(text)).executeTakeFirst();
}

export interface BookSearch {
  readonly text?: string | undefined;
  readonly barcode?: string | undefined;
  readonly titleId?: string | undefined;
  readonly after?: readonly [string, string] | undefined;
  readonly limit: number;
}

/** Copies by their search key, after the cursor `[searchKey, id]`. Every word of `text` must occur. */
export async function searchBooks(db: Db, { text, barcode, titleId, after, limit }: BookSearch): Promise<BookRow[]> {
  let rows = db.selectFrom('books').selectAll().where('active', '=', 1);
  if (barcode !== undefined) rows = rows.where('barcodeKey', '=', barcodeKey(barcode));
  if (titleId !== undefined) rows = rows.where('titleId', '=', titleId);
  for (const word of searchKey(text ?? '').split(/\s+/).filter(Boolean).slice(0, 8)) rows = rows.where('searchKey', 'like', `%${word.replaceAll('\\', '_')}%`);
  if (after) {
    const [key, id] = after;
    rows = rows.where((eb) => eb.or([eb('searchKey', '>', key), eb.and([eb('searchKey', '=', key), eb('id', '>', id)])]));
  }
  return rows.orderBy('searchKey').orderBy('id').limit(limit).execute();
}

/** Copies as they are answered, in the given order, each with its status. */
export async function bookEntities(db: Db, books: readonly BookRow[]): Promise<Book[]> {
  if (books.length === 0) return [];
  const ids = books.map((book) => book.id);
  const lent = new Set((await db.selectFrom('loans').select('bookId').where('bookId', 'in', ids).where('returnedAt', 'is', null).execute()).map((loan) => loan.bookId));
  const kept = new Set((await db.selectFrom('holds').select('bookId').where('bookId', 'in', ids).where('status', '=', 'READY').execute()).map((hold) => hold.bookId));
  return books.map((row) => {
    const { id, titleId, barcode, title, author, callNumber, collectionCode, isbn, year, edition, publisher, place, description, note, price, location, version, createdAt, updatedAt } = row;
    const status = row.lost ? 'LOST' : lent.has(id) ? 'ON_LOAN' : kept.has(id) ? 'ON_HOLD_SHELF' : 'AVAILABLE';
    return { id, titleId, status, barcode, title, author, callNumber, collectionCode, isbn, year, edition, publisher, place, description, note, price, location, version, createdAt, updatedAt };
  });
}

export async function bookEntity(db: Db, book: BookRow): Promise<Book> {
  const [entity] = await bookEntities(db, [book]);
  return entity!;
}

/** Adds a copy. If people wait for its title, it is kept for the first of them. */
export async function createBook(unit: Unit, input: BookInput): Promise<Book> {
  const fields = {
    barcode: tidyBarcode(input.barcode), title: input.title.trim(), author: input.author ?? null, callNumber: input.callNumber ?? null, collectionCode: input.collectionCode ?? null, isbn: input.isbn ?? null, year: input.year ?? null,
    edition: input.edition ?? null, publisher: input.publisher ?? null, place: input.place ?? null, description: input.description ?? null, note: input.note ?? null, price: input.price ?? null, location: input.location ?? null,
  };
  const row: BookRow = {
    id: newId('book'), version: 1, createdAt: unit.at, updatedAt: unit.at, ...fields, titleId: await titleIdFor(unit, fields), barcodeKey: barcodeKey(fields.barcode), lost: 0, active: 1, searchKey: bookSearchKey(fields),
  };
  await refuseTakenBarcode(unit.db, row);
  await unit.db.insertInto('books').values(row).execute();
  unit.audit({ action: 'BOOK_CREATE', entity: 'book', entityId: row.id });
  await keepFreeCopies(unit, row.titleId);
  return bookEntity(unit.db, row);
}

export async function updateBook(unit: Unit, id: string, patch: BookPatch, ifMatch?: number): Promise<Book> {
  const old = await bookById(unit.db, id);
  if (ifMatch !== undefined && ifMatch !== old.version) throw stale(old.version);
  const changed = { ...old, ...(Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as Partial<BookRow>), version: old.version + 1, updatedAt: unit.at };
  const row: BookRow = { ...changed, barcode: tidyBarcode(changed.barcode), titleId: await titleIdFor(unit, changed), barcodeKey: barcodeKey(changed.barcode), searchKey: bookSearchKey(changed) };
  await refuseTakenBarcode(unit.db, row);
  await unit.db.updateTable('books').set(row).where('id', '=', id).execute();
  if (row.titleId !== old.titleId) await unit.db.updateTable('loans').set({ titleId: row.titleId }).where('bookId', '=', id).where('returnedAt', 'is', null).execute();
  // A copy kept for a reader of its old title is none that they asked for.
  const kept = row.titleId === old.titleId ? undefined : await holdOnCopy(unit.db, id);
  if (kept) {
    await endHold(unit, kept, 'WAITING');
    await keepFreeCopies(unit, old.titleId);
  }
  await keepFreeCopies(unit, row.titleId);
  unit.audit({ action: 'BOOK_UPDATE', entity: 'book', entityId: id, details: { fields: Object.keys(patch) } });
  return bookEntity(unit.db, row);
}

async function refuseTakenBarcode(db: Db, row: BookRow): Promise<void> {
  const other = await db.selectFrom('books').select(['id', 'title']).where('barcodeKey', '=', row.barcodeKey).where('id', '!=', row.id).executeTakeFirst();
  if (other) throw conflict('BARCODE_TAKEN', `This barcode belongs to "${other.title}".`, { id: other.id, title: other.title });
}
