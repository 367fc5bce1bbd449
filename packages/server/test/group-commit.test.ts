import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store, type Tx } from '../src/store/open-store.ts';

let store: Store;
beforeEach(async () => void (store = await openStore('memory:')));
afterEach(() => store.close());

const mark = (key: string) => async (tx: Tx) => {
  await tx.insertInto('jobMarks').values({ key, at: '2025-10-14T02:30:00.000Z' }).execute();
  return key;
};
const marks = async () => (await store.db.selectFrom('jobMarks').select('key').orderBy('key').execute()).map(({ key }) => key);

describe('transactions that share a commit', () => {
  it('run whole or not at all, each for itself, and in the order in which they were asked for', async () => {
    const order: string[] = [];
    const results = await Promise.allSettled([
      store.transaction(mark('a')).then((key) => order.push(key)),
      store.transaction(async (tx) => {
        await mark('b')(tx);
        throw new Error('refused');
      }),
      store.transaction(mark('a')), // the unique index stops it
      store.transaction(mark('c')).then((key) => order.push(key)),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { message: 'refused' } });
    expect(await marks()).toEqual(['a', 'c']);
    expect(order).toEqual(['a', 'c']);
  });

  it('see what those before them in the group wrote', async () => {
    const seen = await Promise.all([store.transaction(mark('a')), store.transaction((tx) => tx.selectFrom('jobMarks').select('key').execute())]);
    expect(seen[1]).toEqual([{ key: 'a' }]);
  });

  it('are many more than a group, and lose none', async () => {
    const keys = Array.from({ length: 100 }, (_, index) => `k${String(index).padStart(3, '0')}`);
    expect(await Promise.all(keys.map((key) => store.transaction(mark(key))))).toEqual(keys);
    expect(await marks()).toEqual(keys);
  });

  it('resolve only when the commit stands: none of a group whose commit fails', async () => {
    const results = await Promise.allSettled([
      store.transaction(mark('a')),
      store.transaction(async (tx) => void (await tx.executeQuery({ sql: 'rollback', parameters: [] } as never))), // what SQLite does by itself when the disk is full
      store.transaction(mark('c')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await marks()).toEqual([]);
    expect(await store.transaction(mark('d'))).toBe('d');
  });

  it('are finished before the store closes', async () => {
    const last = store.transaction(mark('last'));
    await store.close();
    expect(await last).toBe('last');
    store = await openStore('memory:');
  });
});
