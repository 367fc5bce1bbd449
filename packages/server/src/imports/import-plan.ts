import { createEquipment, updateEquipment } from '../domain/equipment.ts';
import { keepFreeCopies } from '../domain/hold-queue.ts';
import type { PersonRow } from '../domain/person.ts';
import { leaveQueues } from '../domain/person-queues.ts';
import type { Unit } from '../domain/unit.ts';
import type { Venue } from '../domain/venue.ts';
import { newId } from '../ids.ts';
import type { Db } from '../store/open-store.ts';
import type { BookDraft } from './book-draft.ts';
import type { EquipmentDraft } from './equipment-draft.ts';
import type { ImportCounts, ImportRow } from './import-result.ts';
import type { PersonDraft } from './person-draft.ts';
import { planBooks, type BooksPlan } from './plan-books.ts';
import { planEquipment, type EquipmentPlan } from './plan-equipment.ts';
import { planPeople } from './plan-people.ts';
import type { Reading } from './reading.ts';
import { upsertRows } from './upsert-rows.ts';

/** A file read, with the kind that says what its drafts are. */
export type KindReading =
  | { readonly kind: 'students'; readonly reading: Reading<PersonDraft> }
  | { readonly kind: 'books'; readonly reading: Reading<BookDraft> }
  | { readonly kind: 'equipment'; readonly reading: Reading<EquipmentDraft> };

/** What an import would do to the library as it is now, and the way to do exactly that. */
export interface ImportPlan {
  readonly rows: readonly ImportRow[];
  readonly counts: ImportCounts;
  /** Share of the active people that would be deactivated, 0 to 1. */
  readonly deactivatedShare: number;
  /** Carries the plan out; to be called in the same unit that made it. */
  write(unit: Unit): Promise<void>;
}

/** Compares a reading with the library. Reads only; `at` is the moment that new rows bear. */
export async function planImport(db: Db, { kind, reading }: KindReading, full: boolean, venue: Venue, at: string): Promise<ImportPlan> {
  switch (kind) {
    case 'students': {
      const existing = await db.selectFrom('people').selectAll().execute();
      const taken = new Set([...(await barcodeKeys(db, 'books')), ...(await barcodeKeys(db, 'equipment'))]);
      const plan = planPeople(existing, reading.judged, { full, at, taken, newId: () => newId('person') });
      return { rows: plan.rows, counts: plan.counts, deactivatedShare: plan.activeBefore === 0 ? 0 : plan.counts.deactivate / plan.activeBefore, write: (unit) => writePeople(unit, plan.writes) };
    }
    case 'books': {
      const existing = await db.selectFrom('books').selectAll().execute();
      const titles = await db.selectFrom('titles').select(['id', 'titleKey']).execute();
      const plan = planBooks(existing, titles, reading.judged, { at, newId, taken: new Set(await barcodeKeys(db, 'people')) });
      return { rows: plan.rows, counts: plan.counts, deactivatedShare: 0, write: (unit) => writeBooks(unit, plan) };
    }
    case 'equipment': {
      const existing = await db.selectFrom('equipment').selectAll().execute();
      const plan = planEquipment(existing, reading.judged, venue.settings.locations.map((location) => location.name));
      return { rows: plan.rows, counts: plan.counts, deactivatedShare: 0, write: (unit) => writeEquipment(unit, plan) };
    }
  }
}

async function writePeople(unit: Unit, people: readonly PersonRow[]): Promise<void> {
  await upsertRows(unit.db, 'people', people);
  await leaveQueues(unit, people.filter((person) => person.active === 0).map((person) => person.id));
}

async function barcodeKeys(db: Db, table: 'people' | 'books' | 'equipment'): Promise<string[]> {
  const rows = await db.selectFrom(table).select('barcodeKey').where('barcodeKey', 'is not', null).execute();
  return rows.map((row) => row.barcodeKey!);
}

/** Also keeps new copies for those who wait for their titles [CIR5]. */
async function writeBooks(unit: Unit, plan: BooksPlan): Promise<void> {
  await upsertRows(unit.db, 'titles', plan.newTitles);
  await upsertRows(unit.db, 'books', plan.writes);
  const wanted = new Set((await unit.db.selectFrom('holds').select('titleId').distinct().where('status', '=', 'WAITING').execute()).map((hold) => hold.titleId));
  for (const book of plan.writes) if (plan.created.has(book.id) && wanted.has(book.titleId)) await keepFreeCopies(unit, book.titleId);
}

/** Goes through the same door as the desk, so that waiting lists and screens follow. */
async function writeEquipment(unit: Unit, plan: EquipmentPlan): Promise<void> {
  for (const { id, fields } of plan.changes) await (id === undefined ? createEquipment(unit, fields) : updateEquipment(unit, id, fields));
}
