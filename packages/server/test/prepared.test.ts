import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../src/store/open-store.ts';
import { insertRow, prepared } from '../src/store/prepared.ts';

let store: Store;
beforeEach(async () => void (store = await openStore('memory:')));
afterEach(() => store.close());

const mark = (key: string) => ({ key, at: '2025-10-14T02:30:00.000Z' });
const keys = async () => (await store.db.selectFrom('jobMarks').select('key').orderBy('key').execute()).map(({ key }) => key);

describe('a prepared query', () => {
  it('asks each time with its own arguments, and keeps its constants', async () => {
    for (const key of ['a', 'b', 'c', 'd']) await store.db.insertInto('jobMarks').values(mark(key)).execute();
    const between = prepared((db, limit: number, from: string) => db.selectFrom('jobMarks').select('key').where('key', '>=', from).where('key', '!=', 'c').orderBy('key').limit(limit));
    expect(await between(store.db, 2, 'a')).toEqual([{ key: 'a' }, { key: 'b' }]);
    expect(await between(store.db, 5, 'b')).toEqual([{ key: 'b' }, { key: 'd' }]);
  });

  it('is built once for a database and its transactions, and anew for another database', async () => {
    let built = 0;
    const all = prepared((db) => {
      built++;
      return db.selectFrom('jobMarks').select('key');
    });
    await all(store.db);
    await store.transaction(async (tx) => {
      await insertRow(tx, 'jobMarks', mark('inside'));
      expect(await all(tx)).toEqual([{ key: 'inside' }]);
    });
    expect(built).toBe(1);
    const other = await openStore('memory:');
    expect(await all(other.db)).toEqual([]);
    expect(built).toBe(2);
    await other.close();
  });
});

describe('insertRow', () => {
  it('writes each row with its own values, whatever the order of its columns', async () => {
    await insertRow(store.db, 'jobMarks', { key: 'first', at: '2025-10-14T02:30:00.000Z' });
    await insertRow(store.db, 'jobMarks', { at: '2025-10-14T02:31:00.000Z', key: 'second' });
    await insertRow(store.db, 'jobMarks', { key: 'third', at: '2025-10-14T02:32:00.000Z' });
    expect(await store.db.selectFrom('jobMarks').selectAll().orderBy('at').execute()).toEqual([
      { key: 'first', at: '2025-10-14T02:30:00.000Z' },
      { key: 'second', at: '2025-10-14T02:31:00.000Z' },
      { key: 'third', at: '2025-10-14T02:32:00.000Z' },
    ]);
  });

  it('is taken back with its transaction', async () => {
    await expect(
      store.transaction(async (tx) => {
        await insertRow(tx, 'jobMarks', mark('gone'));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await keys()).toEqual([]);
  });
});
