import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conflict, Refusal } from '../src/domain/refusal.ts';
import { ANA, openDesk, type Desk } from './desk.ts';

let desk: Desk;
beforeEach(async () => void (desk = await openDesk()));
afterEach(() => desk.close());

const problem = (refusal: Refusal) => ({ code: refusal.code });
const command = (key: string, request = 'POST /x {}') => ({ account: 'user_ana', key, request });
const mark = (key: string) => desk.runner.db.selectFrom('jobMarks').selectAll().where('key', '=', key).execute();

describe('a unit', () => {
  it('[ORD2] writes the change, its events and its audit together', async () => {
    await desk.run(async (unit) => {
      await unit.db.insertInto('jobMarks').values({ key: 'a', at: unit.at }).execute();
      unit.publish('system', 'system_update', { id: 'sys_1', category: 'STATUS', message: 'hello', timestamp: unit.at });
      unit.audit({ action: 'TEST' });
    });
    expect(await mark('a')).toHaveLength(1);
    expect(desk.events.map((event) => event.type)).toEqual(['system_update']);
    expect(await desk.runner.db.selectFrom('outbox').select('topic').execute()).toEqual([{ topic: 'system' }]);
    expect(await desk.runner.db.selectFrom('audit').select(['action', 'actorId']).execute()).toEqual([{ action: 'TEST', actorId: 'user_ana' }]);
  });

  it('[ORD2] tells nothing of what was rolled back', async () => {
    const failing = desk.run(async (unit) => {
      await unit.db.insertInto('jobMarks').values({ key: 'b', at: unit.at }).execute();
      unit.publish('system', 'system_update', { id: 'sys_1', category: 'STATUS', message: 'hello', timestamp: unit.at });
      throw conflict('NO', 'No.');
    });
    await expect(failing).rejects.toThrow(Refusal);
    expect(await mark('b')).toEqual([]);
    expect(desk.events).toEqual([]);
  });

  it('runs again when a unique index stopped it, and then sees the winner', async () => {
    let runs = 0;
    const answer = await desk.run(async (unit) => {
      runs++;
      const found = await unit.db.selectFrom('jobMarks').selectAll().where('key', '=', 'race').executeTakeFirst();
      if (found) return 'lost';
      // Stands for another node that commits between the look and the write.
      await unit.db.insertInto('jobMarks').values([{ key: 'race', at: unit.at }]).execute();
      if (runs === 1) throw Object.assign(new Error('unique'), { code: '23505' });
      return 'won';
    });
    expect([runs, answer]).toEqual([2, 'won']);
  });
});

describe('a keyed command', () => {
  it('gives the stored answer again, and runs once', async () => {
    let runs = 0;
    const work = async () => ({ status: 201, body: { n: ++runs } });
    const first = await desk.runner.runOnce(ANA, command('k'), work, problem);
    const second = await desk.runner.runOnce(ANA, command('k'), work, problem);
    expect([first, second]).toEqual([
      { status: 201, body: { n: 1 }, replayed: false },
      { status: 201, body: { n: 1 }, replayed: true },
    ]);
  });

  it('waits for the first when both arrive together', async () => {
    let runs = 0;
    const work = async () => ({ status: 200, body: { n: ++runs } });
    const answers = await Promise.all([1, 2, 3].map(() => desk.runner.runOnce(ANA, command('k'), work, problem)));
    expect(answers.map((answer) => answer.body)).toEqual([{ n: 1 }, { n: 1 }, { n: 1 }]);
    expect(answers.filter((answer) => answer.replayed)).toHaveLength(2);
  });

  it('[PRV2] leaves neither the answer nor the key readable in the database', async () => {
    const secret = { id: 'key_1', key: 'clms_live_0123456789', student: 'Zagorsky, Wilhelmina' };
    await desk.runner.runOnce(ANA, command('a-key-of-the-caller'), async () => ({ status: 201, body: secret }), problem);
    const [row] = await desk.runner.db.selectFrom('seenCommands').selectAll().execute();
    const stored = `${JSON.stringify(row)}${Buffer.from(row!.answer, 'base64').toString('latin1')}`;
    for (const word of ['clms_live', 'Zagorsky', 'a-key-of-the-caller']) expect(stored).not.toContain(word);
    expect((await desk.runner.runOnce(ANA, command('a-key-of-the-caller'), async () => ({ status: 500, body: null }), problem)).body).toEqual(secret);
  });

  it('refuses the same key with another body with 422', async () => {
    await desk.runner.runOnce(ANA, command('k', 'POST /x {"a":1}'), async () => ({ status: 200, body: {} }), problem);
    const other = desk.runner.runOnce(ANA, command('k', 'POST /x {"a":2}'), async () => ({ status: 200, body: {} }), problem);
    await expect(other).rejects.toMatchObject({ status: 422 });
  });

  it('remembers a refusal by a rule, and not a failure', async () => {
    let runs = 0;
    const refuse = async () => {
      runs++;
      throw conflict('SEAT_TAKEN', 'Taken.');
    };
    await desk.runner.runOnce(ANA, command('r'), refuse, problem);
    expect(await desk.runner.runOnce(ANA, command('r'), refuse, problem)).toEqual({ status: 409, body: { code: 'SEAT_TAKEN' }, replayed: true });
    expect(runs).toBe(1);

    const fail = async () => {
      throw new Error('disk full');
    };
    await expect(desk.runner.runOnce(ANA, command('f'), fail, problem)).rejects.toThrow('disk full');
    expect((await desk.runner.runOnce(ANA, command('f'), async () => ({ status: 200, body: 1 }), problem)).body).toBe(1);
  });
});
