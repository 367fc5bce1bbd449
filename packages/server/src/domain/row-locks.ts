import type { Unit } from './unit.ts';

/**
 * Makes commands that decide about the same thing run one after the other until they commit: what a limit, a queue or a list says must not
 * change between the look and the write. On SQLite transactions do so anyway; on Postgres a written row is locked, and what is read after that is
 * what the one before has committed. Whoever needs several takes them in this order: person, title; equipment type.
 */
export async function lockPerson(unit: Unit, id: string): Promise<void> {
  await unit.db.updateTable('people').set(({ ref }) => ({ version: ref('version') })).where('id', '=', id).execute();
}

export async function lockTitle(unit: Unit, id: string): Promise<void> {
  await unit.db.updateTable('titles').set(({ ref }) => ({ version: ref('version') })).where('id', '=', id).execute();
}

/** One row stands for the type: several would be locked in an order that nobody promises. */
export async function lockEquipmentType(unit: Unit, type: string): Promise<void> {
  await unit.db
    .updateTable('equipment')
    .set(({ ref }) => ({ version: ref('version') }))
    .where('id', '=', (eb) => eb.selectFrom('equipment as first').select(({ fn }) => fn.min('first.id').as('id')).where('first.type', '=', type))
    .execute();
}
