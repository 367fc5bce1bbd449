import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Action } from '../src/journal/action.ts';
import { IndexedDbJournalStore } from '../src/journal/indexed-db-journal-store.ts';
import { DONE_SHOWN, type JournalStore } from '../src/journal/journal-store.ts';
import { MemoryJournalStore } from '../src/journal/memory-journal-store.ts';
import { FileJournalStore } from '../src/node/file-journal-store.ts';
import { FakeBrowser } from './fake-browser.ts';

const command = (id: string, workstation = 'door'): Omit<Action, 'sequence'> => ({
  id, workstation, method: 'POST', path: '/api/scans', stamped: false, scannedAt: 0, progress: { state: 'kept', attempts: 0, nextAttemptAt: 0 },
});
const done = (action: Action): Action => ({ ...action, progress: { state: 'done', doneAt: 1, outcome: { kind: 'expired' } } });
const ids = (actions: readonly Action[]) => actions.map(({ id }) => id);

describe.each([
  ['in memory', async () => new MemoryJournalStore()],
  ['in IndexedDB', () => IndexedDbJournalStore.open(new FakeBrowser().indexedDB, 'journal')],
  ['in a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clms-journal-'));
    const store = await FileJournalStore.open(join(folder, 'door.journal'), 0);
    onTestFinished(async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    });
    return store;
  }],
] satisfies [string, () => Promise<JournalStore>][])('journal store %s', (_name, open) => {
  let store: JournalStore;
  beforeEach(async () => {
    store = await open();
  });

  it('numbers the commands of each workstation by itself', async () => {
    const added = [await store.add(command('a')), await store.add(command('b', 'desk')), await store.add(command('c'))];
    expect(added.map(({ sequence }) => sequence)).toEqual([1, 1, 2]);
    expect(ids(await store.all())).toEqual(['b', 'a', 'c']);
  });

  it('gives the oldest kept command of a workstation', async () => {
    const first = await store.add(command('z'));
    await store.add(command('a'));
    await store.add(command('b', 'desk'));
    expect((await store.oldestKept('door'))?.id).toBe('z');
    await store.put(done(first));
    expect(await store.oldestKept('door')).toEqual({ ...command('a'), sequence: 2 });
    expect(await store.oldestKept('kiosk')).toBeUndefined();
  });

  it('forgets the oldest finished commands beyond what is shown, never a kept one', async () => {
    await store.add(command('kept'));
    for (let n = 0; n < DONE_SHOWN + 5; n++) await store.put(done(await store.add(command(`d${n}`))));
    const left = ids(await store.all());
    expect(left).toHaveLength(DONE_SHOWN + 1);
    expect([left[0], left[1]]).toEqual(['kept', 'd5']);
  });

  it('gives the right to send to one holder until it runs out or is given back', async () => {
    expect(await store.lease('door', 'one', 0, 100)).toBe(true);
    expect(await store.lease('door', 'two', 99, 200)).toBe(false);
    expect(await store.lease('door', 'one', 99, 150)).toBe(true);
    expect(await store.lease('desk', 'two', 99, 200)).toBe(true);
    expect(await store.lease('door', 'two', 150, 200)).toBe(true);
    await store.release('door', 'one');
    expect(await store.lease('door', 'one', 151, 300)).toBe(false);
    await store.release('door', 'two');
    expect(await store.lease('door', 'one', 152, 300)).toBe(true);
    expect((await store.add(command('a'))).sequence).toBe(1);
  });
});
