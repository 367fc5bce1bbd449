import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bookEntities } from '../src/domain/books.ts';
import { freeCopies } from '../src/domain/hold-queue.ts';
import { cancelHold, expireHolds, placeHold } from '../src/domain/holds.ts';
import { borrow, renewLoan, reportLost, returnLoan } from '../src/domain/loans.ts';
import { Refusal } from '../src/domain/refusal.ts';
import type { Unit } from '../src/domain/unit.ts';
import { openDesk, type Desk } from './desk.ts';
import { addBook, addPupil, MINUTE } from './holdings.ts';

const DAY = 24 * 60 * MINUTE;

/** One thing that happens at the desk. Numbers choose among the people, copies, loans and holds there are. */
type Step =
  | { readonly do: 'borrow'; readonly person: number; readonly book: number; readonly override: boolean }
  | { readonly do: 'hold'; readonly person: number; readonly book: number }
  | { readonly do: 'return' | 'renew' | 'lost' | 'cancel'; readonly which: number }
  | { readonly do: 'wait'; readonly days: number };

const small = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('borrow' as const), person: small, book: small, override: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('hold' as const), person: small, book: small }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('return' as const, 'renew' as const, 'lost' as const, 'cancel' as const, 'return' as const), which: small }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 12 }) }) },
);

interface School {
  readonly desk: Desk;
  readonly books: readonly string[];
  readonly people: readonly string[];
}

/** Two copies of one title and one of another. */
async function openSchool(): Promise<School> {
  const desk = await openDesk();
  const books = [await addBook(desk, 'A1'), await addBook(desk, 'A2'), await addBook(desk, 'B1', { title: 'El Filibusterismo' })];
  const people = await Promise.all([1, 2, 3, 4].map((number) => addPupil(desk, number)));
  return { desk, books: books.map(({ id }) => id), people: people.map(({ id }) => id) };
}

const pick = <T>(list: readonly T[], index: number): T | undefined => list[index % Math.max(1, list.length)];

/** Does a step; a refusal is an answer like any other. */
async function take({ desk, books, people }: School, taken: Step): Promise<void> {
  const { db } = desk.runner;
  const attempt = async (work: (unit: Unit) => Promise<unknown>): Promise<void> => {
    await desk.run(work).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
    });
  };
  switch (taken.do) {
    case 'borrow': return attempt((unit) => borrow(unit, { bookId: pick(books, taken.book)!, personId: pick(people, taken.person)!, override: taken.override, reason: 'a trial' }));
    case 'hold': return attempt((unit) => placeHold(unit, { bookId: pick(books, taken.book)!, personId: pick(people, taken.person)! }));
    case 'cancel': {
      const hold = pick(await db.selectFrom('holds').select('id').where('status', 'in', ['WAITING', 'READY']).orderBy('id').execute(), taken.which);
      return hold && attempt((unit) => cancelHold(unit, hold.id));
    }
    case 'wait': {
      desk.clock.advance(taken.days * DAY);
      return desk.run(expireHolds);
    }
    default: {
      const loan = pick(await db.selectFrom('loans').select('id').where('returnedAt', 'is', null).orderBy('id').execute(), taken.which);
      const work = { return: (unit: Unit) => returnLoan(unit, loan!), renew: (unit: Unit) => renewLoan(unit, loan!.id), lost: (unit: Unit) => reportLost(unit, loan!.id) }[taken.do];
      return loan && attempt(work);
    }
  }
}

async function check({ desk }: School): Promise<void> {
  const { db } = desk.runner;
  const books = await bookEntities(db, await db.selectFrom('books').selectAll().execute());
  const loans = await db.selectFrom('loans').selectAll().execute();
  const holds = await db.selectFrom('holds').selectAll().execute();
  for (const book of books) {
    const open = loans.filter((loan) => loan.bookId === book.id && loan.returnedAt === null);
    const kept = holds.filter((hold) => hold.bookId === book.id && hold.status === 'READY');
    expect(open.length + kept.length, `${book.barcode} is out, kept, or neither`).toBeLessThanOrEqual(1);
    expect(book.status === 'AVAILABLE', `${book.barcode} is ${book.status}`).toBe(open.length + kept.length === 0);
    const waiting = holds.filter((hold) => hold.titleId === book.titleId && hold.status === 'WAITING');
    if (waiting.length > 0) expect(await freeCopies(db, book.titleId), '[CIR5] somebody waits beside a free copy').toEqual([]);
  }
  for (const hold of holds) {
    expect(hold.status !== 'READY' || (hold.bookId !== null && hold.readyUntil !== null && hold.readyUntil >= new Date(desk.clock.now()).toISOString()), 'a kept copy is kept in time').toBe(true);
  }
  for (const loan of loans) expect(loan.renewals, '[CIR4]').toBeLessThanOrEqual(2);
}

it('[CIR1–5] whatever happens, in whatever order: a copy is in one place, and nobody waits beside a free one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const school = await openSchool();
      try {
        for (const taken of steps) {
          await take(school, taken);
          await check(school);
        }
      } finally {
        await school.desk.close();
      }
    }),
    { numRuns: 30 },
  );
});
