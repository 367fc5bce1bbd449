import { newId } from '../ids.ts';
import { searchKey } from './normalise.ts';
import type { Unit } from './unit.ts';

/** Copies with the same title and author, compared without case, accents and punctuation, are of one title: holds queue for it. */
export function titleKeyOf(title: string, author: string | null): string {
  return [title, author ?? ''].map(words).join('|');
}

/** A text of signs alone ("?") is its own key: it must not be the same as every other one. */
function words(text: string): string {
  const key = searchKey(text);
  return key.replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim() || key;
}

/** What a search for a book compares with. */
export function bookSearchKey(book: { title: string; author: string | null; isbn: string | null; callNumber: string | null; barcode: string }): string {
  return searchKey([book.title, book.author, book.isbn, book.callNumber, book.barcode].filter(Boolean).join(' '));
}

/** The title these words name, made if it is new. */
export async function titleIdFor(unit: Unit, book: { title: string; author: string | null; isbn: string | null }): Promise<string> {
  const titleKey = titleKeyOf(book.title, book.author);
  const found = await unit.db.selectFrom('titles').select('id').where('titleKey', '=', titleKey).executeTakeFirst();
  if (found) return found.id;
  const id = newId('title');
  await unit.db.insertInto('titles').values({ id, version: 1, createdAt: unit.at, updatedAt: unit.at, titleKey, title: book.title, author: book.author, isbn: book.isbn }).execute();
  return id;
}
