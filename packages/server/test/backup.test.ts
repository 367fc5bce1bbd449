import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPerson } from '../src/domain/people.ts';
import { dailyBackup } from '../src/jobs/daily-backup.ts';
import { backup, restore, rotate, verify } from '../src/store/backup.ts';
import { openStore } from '../src/store/open-store.ts';
import { openDesk, type Desk } from './desk.ts';

let folder: string;
let desk: Desk;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clms-backup-'));
  desk = await openDesk({ url: `file:${join(folder, 'clms.db')}` });
});
afterEach(async () => {
  await desk.close();
  rmSync(folder, { recursive: true });
});

const addPerson = (schoolId: string) => desk.run((unit) => createPerson(unit, { schoolId, surname: 'Reyes', givenName: 'Aya' }));
async function people(file: string): Promise<string[]> {
  const store = await openStore(`file:${file}`);
  const rows = await store.db.selectFrom('people').select('schoolId').orderBy('schoolId').execute();
  await store.close();
  return rows.map((row) => row.schoolId);
}
const copy = () => join(folder, 'copies', 'copy.db');

describe('a backup', () => {
  it('is made while the library works, and is proven by opening it', async () => {
    await addPerson('1');
    const made = await backup(desk.runner.store, copy());
    expect(made).toMatchObject({ file: copy(), counts: { people: 1, books: 0 } });
    await addPerson('2');
    expect(verify(copy()).counts.people).toBe(1);
    expect(readdirSync(join(folder, 'copies'))).toEqual(['copy.db']);
  });

  it('refuses to overwrite the database, and says what to do with memory and Postgres', async () => {
    await expect(backup(desk.runner.store, join(folder, 'clms.db'))).rejects.toThrow(/overwrite/);
    await expect(backup({ kind: 'sqlite', file: undefined }, copy())).rejects.toThrow(/memory/);
    await expect(backup({ kind: 'postgres', file: undefined }, copy())).rejects.toThrow(/pg_dump/);
  });

  it('is found damaged when a page of it is, or when it is something else', async () => {
    for (let id = 0; id < 200; id++) await addPerson(String(id));
    await backup(desk.runner.store, copy());
    const bytes = readFileSync(copy());
    bytes.fill(0x5a, 4096 * 3, 4096 * 40);
    writeFileSync(copy(), bytes);
    expect(() => verify(copy())).toThrow(/damaged|not a database/);
    writeFileSync(copy(), 'User ID,Surname');
    expect(() => verify(copy())).toThrow(/not a database/);
    expect(() => verify(join(folder, 'none.db'))).toThrow(/no file/);
  });
});

describe('a restore', () => {
  it('brings back what the backup held, and keeps what stood there', async () => {
    await addPerson('1');
    await backup(desk.runner.store, copy());
    await addPerson('2');
    await desk.close();
    const target = join(folder, 'clms.db');
    const restored = await restore(copy(), target, 'now');
    expect(restored).toMatchObject({ counts: { people: 1 }, movedTo: `${target}.before-restore-now` });
    expect(await people(target)).toEqual(['1']);
    expect(await people(restored.movedTo!)).toEqual(['1', '2']);
    desk = await openDesk();
  });

  it('[POS1] begins new epochs, so that nobody takes new events for old ones', async () => {
    await desk.runner.db.insertInto('topicPositions').values({ topic: 'activities', epoch: 'before', pruned: 3 }).execute();
    await backup(desk.runner.store, copy());
    await desk.close();
    await restore(copy(), join(folder, 'clms.db'), 'now');
    desk = await openDesk({ url: `file:${join(folder, 'clms.db')}` });
    expect(await desk.runner.db.selectFrom('topicPositions').selectAll().execute()).toEqual([{ topic: 'activities', epoch: expect.stringMatching(/^[0-9a-f]{16}$/), pruned: 3 }]);
  });

  it('is refused while the server has the database open, and of a damaged file, and then changes nothing', async () => {
    await addPerson('1');
    await backup(desk.runner.store, copy());
    await expect(restore(copy(), join(folder, 'clms.db'), 'now')).rejects.toThrow(/in use/);
    writeFileSync(copy(), 'nonsense');
    await expect(restore(copy(), join(folder, 'clms.db'), 'now')).rejects.toThrow(/not a database/);
    expect(await desk.runner.db.selectFrom('people').select('schoolId').execute()).toEqual([{ schoolId: '1' }]);
    expect(existsSync(join(folder, 'clms.db.partial'))).toBe(false);
  });
});

describe('the daily backup', () => {
  const told: string[] = [];
  const log = { info: (_: unknown, message: string) => void told.push(message), error: (_: unknown, message: string) => void told.push(message) };
  const job = (into = join(folder, 'backups')) => dailyBackup({ store: desk.runner.store, folder: into, log });
  const due = (backups: ReturnType<typeof job>) => backups.nextDueAt(desk.runner.db, desk.clock.now(), desk.runner.venue);
  beforeEach(() => void (told.length = 0));

  it('is due at six each day, at once where it was missed, and once a day', async () => {
    const backups = job();
    expect(await due(backups)).toBe(Date.parse('2025-10-13T22:00:00.000Z')); // 06:00 in Manila, hours ago
    await desk.run((unit) => backups.run(unit));
    await backups.idle();
    expect(await due(backups)).toBe(Date.parse('2025-10-14T22:00:00.000Z'));
    desk.clock.advance(3 * 24 * 3_600_000);
    expect(await due(backups)).toBe(Date.parse('2025-10-16T22:00:00.000Z'));
    expect(told).toEqual(['daily backup made and verified']);
    expect(readdirSync(join(folder, 'backups'))).toEqual(['clms-2025-10-14.db']);
  });

  it('keeps the newest fourteen and touches nothing else', async () => {
    const backups = job();
    for (let day = 0; day < 16; day++) {
      await desk.run((unit) => backups.run(unit));
      await backups.idle();
      desk.clock.advance(24 * 3_600_000);
    }
    writeFileSync(join(folder, 'backups', 'by-hand.db'), 'x');
    await rotate(join(folder, 'backups'), /^clms-/, 14);
    const kept = readdirSync(join(folder, 'backups')).toSorted();
    expect(kept).toHaveLength(15);
    expect(kept.slice(0, 2)).toEqual(['by-hand.db', 'clms-2025-10-16.db']);
  });

  it('that fails is told and does not stop the library', async () => {
    writeFileSync(join(folder, 'blocked'), 'a file where a folder should be');
    const backups = job(join(folder, 'blocked'));
    await desk.run((unit) => backups.run(unit));
    await backups.idle();
    expect(told).toEqual(['the daily backup failed']);
  });

  it('is never due for a database without a file', async () => {
    expect(await dailyBackup({ store: { kind: 'postgres', file: undefined }, folder, log }).nextDueAt(desk.runner.db, desk.clock.now(), desk.runner.venue)).toBeUndefined();
  });
});
