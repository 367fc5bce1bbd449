import { STAFF_ROLES } from '@clms/protocol';
import type { Selectable } from 'kysely';
import type { Db } from '../store/open-store.ts';
import type { Tables } from '../store/tables.ts';
import { localDate, toMs } from './instant.ts';
import { readyUntilFor } from './loan-calendar.ts';
import { raiseNotice } from './notices.ts';
import { personById } from './people.ts';
import { personName } from './present.ts';
import type { Unit } from './unit.ts';

export type HoldRow = Selectable<Tables['holds']>;
type Copy = Pick<Selectable<Tables['books']>, 'id' | 'title' | 'barcode'>;

/** Those who wait for a title, first come first. */
export function waitingHolds(db: Db, titleId: string): Promise<HoldRow[]> {
  return db.selectFrom('holds').selectAll().where('titleId', '=', titleId).where('status', '=', 'WAITING').orderBy('placedAt').orderBy('id').execute();
}

/** The hold a copy is kept for, if any. */
export function holdOnCopy(db: Db, bookId: string): Promise<HoldRow | undefined> {
  return db.selectFrom('holds').selectAll().where('bookId', '=', bookId).where('status', '=', 'READY').executeTakeFirst();
}

/** Copies of a title that stand on the shelf: neither lent nor kept nor lost. */
export async function freeCopies(db: Db, titleId: string): Promise<Copy[]> {
  return db
    .selectFrom('books')
    .select(['id', 'title', 'barcode'])
    .where('titleId', '=', titleId)
    .where('lost', '=', 0)
    .where('active', '=', 1)
    .where(({ not, exists, selectFrom }) => not(exists(selectFrom('loans').select('loans.id').whereRef('loans.bookId', '=', 'books.id').where('loans.returnedAt', 'is', null))))
    .where(({ not, exists, selectFrom }) => not(exists(selectFrom('holds').select('holds.id').whereRef('holds.bookId', '=', 'books.id').where('holds.status', '=', 'READY'))))
    .orderBy('barcodeKey')
    .execute();
}

/**
 * [CIR5] Keeps the free copies of a title for those who wait for it, first come first; each is told once that theirs is there. To be called whenever
 * a copy comes free or somebody begins to wait: then nobody ever waits beside a free copy. `preferred` is given away first.
 */
export async function keepFreeCopies(unit: Unit, titleId: string, preferred?: string): Promise<void> {
  const waiting = await waitingHolds(unit.db, titleId);
  if (waiting.length === 0) return;
  const free = (await freeCopies(unit.db, titleId)).toSorted((a, b) => Number(b.id === preferred) - Number(a.id === preferred));
  for (const [index, hold] of waiting.slice(0, free.length).entries()) await keepFor(unit, hold, free[index]!);
}

async function keepFor(unit: Unit, hold: HoldRow, copy: Copy): Promise<void> {
  const ready: HoldRow = { ...hold, bookId: copy.id, status: 'READY', readyAt: unit.at, readyUntil: readyUntilFor(unit.now, unit.venue), toldAt: null, version: hold.version + 1, updatedAt: unit.at };
  await unit.db.updateTable('holds').set(ready).where('id', '=', hold.id).execute();
  const person = await personById(unit.db, hold.personId);
  unit.send({ userId: person.id }, 'personal_notification', { message: 'Your reserved book is available', actionRequired: true, holdId: ready.id, title: copy.title, readyUntil: ready.readyUntil });
  await raiseNotice(unit, {
    title: 'Reserved book is available',
    message: `"${copy.title}" (${copy.barcode}) is kept for ${personName(person, 'staff')} until ${localDate(toMs(ready.readyUntil!), unit.venue.settings.timezone)}`,
    priority: 'LOW',
    category: 'BOOK',
    recipients: { roles: [...STAFF_ROLES] },
    cause: 'HOLD_READY',
    causeKey: `${ready.id}:${ready.readyAt}`,
  });
}

/** The copy is not kept for this hold any more. `WAITING` puts the person back where they stood in the queue. */
export async function endHold(unit: Unit, hold: HoldRow, status: 'WAITING' | 'COLLECTED' | 'EXPIRED' | 'CANCELLED'): Promise<HoldRow> {
  const back = status === 'WAITING' ? { bookId: null, readyAt: null, readyUntil: null, toldAt: null } : {};
  const ended: HoldRow = { ...hold, ...back, status, version: hold.version + 1, updatedAt: unit.at };
  await unit.db.updateTable('holds').set(ended).where('id', '=', hold.id).execute();
  return ended;
}
