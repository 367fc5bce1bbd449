import { createBook } from '../domain/books.ts';
import { createEquipment } from '../domain/equipment.ts';
import { createPerson } from '../domain/people.ts';
import { conflict } from '../domain/refusal.ts';
import type { Unit } from '../domain/unit.ts';
import { seededRandom, type Random } from './random.ts';
import { demoBooks, demoPeople, DEMO_EQUIPMENT } from './school.ts';

const BOOKS = 1200;

export interface LoadedSchool {
  readonly people: readonly { readonly id: string; readonly barcode: string }[];
  readonly books: readonly { readonly id: string; readonly barcode: string; readonly collectionCode: string | null }[];
  readonly equipment: readonly { readonly id: string }[];
}

/** Fills an empty library with invented people, books and stations, for somebody who wants to look around before there is a roster. */
export async function loadDemoSchool(unit: Unit, random: Random = seededRandom(1)): Promise<LoadedSchool> {
  const someone = await unit.db.selectFrom('people').select('id').limit(1).executeTakeFirst();
  if (someone) throw conflict('NOT_EMPTY', 'There are people in this library already; the demo school is for an empty one.');
  const people = [];
  for (const person of demoPeople(random)) people.push(await createPerson(unit, person));
  const books = [];
  for (const book of demoBooks(random, BOOKS)) books.push(await createBook(unit, book));
  const equipment = [];
  for (const item of DEMO_EQUIPMENT) equipment.push(await createEquipment(unit, item));
  return { people, books, equipment };
}
