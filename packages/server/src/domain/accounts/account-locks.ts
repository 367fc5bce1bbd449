import type { Unit } from '../unit.ts';

// Like domain/row-locks.ts: commands that write the same row to itself first run one after the other until they commit.

/** One change of accounts after the other: "not the last administrator" is about all of them. One row stands for all. */
export async function lockAccounts(unit: Unit): Promise<void> {
  await unit.db
    .updateTable('users')
    .set(({ ref }) => ({ version: ref('version') }))
    .where('id', '=', (eb) => eb.selectFrom('users as first').select(({ fn }) => fn.min('first.id').as('id')))
    .execute();
}

/** One answer to a password after the other, so that guesses sent at once are counted. */
export async function lockUser(unit: Unit, id: string): Promise<void> {
  await unit.db.updateTable('users').set(({ ref }) => ({ version: ref('version') })).where('id', '=', id).execute();
}

/** One setup after the other. */
export async function lockVenue(unit: Unit): Promise<void> {
  await unit.db.updateTable('settings').set(({ ref }) => ({ version: ref('version') })).where('key', '=', 'venue').execute();
}
