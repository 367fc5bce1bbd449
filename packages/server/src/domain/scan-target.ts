import type { Db } from '../store/open-store.ts';
import { bookByBarcode, type BookRow } from './books.ts';
import { equipmentByBarcode } from './equipment.ts';
import type { EquipmentRow } from './equipment-rows.ts';
import { barcodeKey, halfOfDoubled } from './normalise.ts';
import { personByBarcode } from './people.ts';
import type { PersonRow } from './person.ts';

/** What a barcode stands for. `key` is what the scan counts as: the half, where the scanner sent a value twice in one go. */
export type ScanTarget = { readonly key: string } & (
  | { readonly kind: 'person'; readonly person: PersonRow }
  | { readonly kind: 'book'; readonly book: BookRow }
  | { readonly kind: 'equipment'; readonly item: EquipmentRow }
  | { readonly kind: 'unknown' }
);

/** Person, then book, then equipment [SCN1]; as it was read first, then as half of a doubled value, where only a known half counts. */
export async function scanTarget(db: Db, text: string): Promise<ScanTarget> {
  const key = barcodeKey(text);
  const whole = await lookUp(db, key);
  const half = whole.kind === 'unknown' ? halfOfDoubled(key) : undefined;
  if (half === undefined) return whole;
  const once = await lookUp(db, half);
  return once.kind === 'unknown' ? whole : once;
}

async function lookUp(db: Db, key: string): Promise<ScanTarget> {
  if (key === '') return { key, kind: 'unknown' };
  const person = await personByBarcode(db, key);
  if (person) return { key, kind: 'person', person };
  const book = await bookByBarcode(db, key);
  if (book) return { key, kind: 'book', book };
  const item = await equipmentByBarcode(db, key);
  if (item) return { key, kind: 'equipment', item };
  return { key, kind: 'unknown' };
}
