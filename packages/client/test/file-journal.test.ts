import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Action } from '../src/journal/action.ts';
import { FileJournalStore } from '../src/node/file-journal-store.ts';
import { JournalDamagedError, JournalInUseError, openFileJournal } from '../src/node/index.ts';
import { FakeEnvironment } from './fake-environment.ts';
import { FakeHttp } from './fake-http.ts';

let folder: string;
let file: string;
const opened: { close(): Promise<void> }[] = [];
/** Claims are judged by the machine's uptime, so they want its own time. */
const NOW = performance.timeOrigin + performance.now();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clms-journal-'));
  file = join(folder, 'door.journal');
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  rmSync(folder, { recursive: true });
});

async function open(): Promise<FileJournalStore> {
  const store = await FileJournalStore.open(file, NOW);
  opened.push(store);
  return store;
}

const command = (id: string): Omit<Action, 'sequence'> => ({
  id, workstation: 'door', method: 'POST', path: '/api/scans', stamped: false, scannedAt: 0, progress: { state: 'kept', attempts: 0, nextAttemptAt: 0 },
});
const done = (action: Action): Action => ({ ...action, progress: { state: 'done', doneAt: 1, outcome: { kind: 'expired' } } });
const held = async (store: FileJournalStore) => (await store.all()).map(({ id, sequence, progress }) => `${id} ${sequence} ${progress.state}`);

/** What the disk holds of a journal with three commands, the first of them done. */
async function written(): Promise<void> {
  const store = await open();
  const first = await store.add(command('a'));
  await store.add(command('b'));
  await store.put(done(first));
  await store.add(command('ü'));
  await store.close();
}

describe('journal in a file', () => {
  it('[CL5] has everything again in the next run, and goes on numbering', async () => {
    await written();
    const store = await open();
    expect(await held(store)).toEqual(['a 1 done', 'b 2 kept', 'ü 3 kept']);
    expect((await store.add(command('c'))).sequence).toBe(4);
    expect((await store.oldestKept('door'))?.id).toBe('b');
  });

  it('[CL5] wherever a crash tears the last line, every line before it is kept and the next one is whole', async () => {
    await written();
    const whole = readFileSync(file);
    const lastLine = whole.lastIndexOf('\n', whole.length - 2) + 1;
    // Prime steps, so that the middle of the two-byte letter has its turn too; then the line without its end.
    for (const end of [...Array.from({ length: 12 }, (_, step) => lastLine + step * 13), whole.indexOf('ü') + 1, whole.length - 1]) {
      writeFileSync(file, whole);
      truncateSync(file, end);
      const store = await FileJournalStore.open(file, NOW);
      expect(await held(store)).toEqual(['a 1 done', 'b 2 kept']);
      await store.add(command('c'));
      await store.close();
      const again = await FileJournalStore.open(file, NOW);
      expect(await held(again)).toEqual(['a 1 done', 'b 2 kept', 'c 3 kept']);
      await again.close();
    }
  });

  it('[CL5] an end that the disk filled with zeros, or with several torn lines, is cut off', async () => {
    await written();
    appendFileSync(file, Buffer.alloc(4_096));
    appendFileSync(file, '\n{"id":"torn"\n"x"\n{"id":"to');
    const store = await open();
    expect(await held(store)).toEqual(['a 1 done', 'b 2 kept', 'ü 3 kept']);
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(4);
  });

  it('refuses a file with damage before whole lines, and leaves it as it is', async () => {
    await written();
    const damaged = readFileSync(file, 'utf8').replace('"id":"b"', '"id:"b"');
    writeFileSync(file, damaged);
    await expect(open()).rejects.toThrow(JournalDamagedError);
    expect(readFileSync(file, 'utf8')).toBe(damaged);
    expect(existsSync(`${file}.lock`)).toBe(false);
  });

  it('is for its owner alone, and does not grow with every attempt', async () => {
    const store = await open();
    const action = await store.add(command('a'));
    for (let n = 0; n < 1_200; n++) await store.put({ ...action, progress: { state: 'kept', attempts: n, nextAttemptAt: 0 } });
    expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThan(1_100);
    await store.add(command('b'));
    await store.close();
    expect(await held(await open())).toEqual(['a 1 kept', 'b 2 kept']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('[CL5] one program at a time: an open file is refused, a claim of a dead process or of before the last start of the machine is not', async () => {
    const store = await open();
    await expect(FileJournalStore.open(file, NOW)).rejects.toThrow(JournalInUseError);
    await store.close();
    const lock = `${file}.lock`;
    writeFileSync(lock, String(process.ppid));
    await expect(FileJournalStore.open(file, NOW)).rejects.toThrow(JournalInUseError);
    utimesSync(lock, 1, 1);
    await (await open()).close();
    writeFileSync(lock, '4194304');
    await open();
  });

  it('[CL5] what a run could not send goes out in the next, with the same key', async () => {
    const http = new FakeHttp();
    let asked = Promise.withResolvers<void>();
    const fetch: typeof http.fetch = (url, init) => {
      const answer = http.fetch(url, init);
      asked.resolve();
      return answer;
    };
    const run = async () => {
      const environment = Object.assign(new FakeEnvironment(), { fetch });
      const journal = await openFileJournal({ getToken: () => 'token', httpUrl: 'http://x', file, environment });
      opened.push(journal);
      return journal;
    };
    const first = await run();
    const { id } = await first.record('door', { method: 'POST', path: '/api/scans', body: { barcode: '2024001' } });
    await asked.promise;
    await first.close();
    asked = Promise.withResolvers();
    const second = await run();
    expect(second.durable).toBe(true);
    expect(second.getSnapshot()).toMatchObject([{ id, progress: { state: 'kept' } }]);
    await asked.promise;
    expect(http.requests).toHaveLength(2);
    expect(http.last.headers['Idempotency-Key']).toBe(id);
    await http.last.respond(200, {});
    await expect(second.outcome(id)).resolves.toMatchObject({ kind: 'applied' });
  });
});
