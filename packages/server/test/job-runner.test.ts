import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '@clms/realtime/manual-clock';
import { JobRunner } from '../src/jobs/job-runner.ts';
import type { Job } from '../src/jobs/job.ts';
import { openDesk, type Desk } from './desk.ts';

let desk: Desk;
let failures: string[];
let runner: JobRunner | undefined;
beforeEach(async () => {
  desk = await openDesk();
  failures = [];
});
afterEach(async () => {
  await runner?.close();
  await desk.close();
});

const log = { error: (_details: Record<string, unknown>, message: string) => void failures.push(message) };

/** Marks `name@n` at each of these instants, once. */
function marker(name: string, instants: readonly number[]): Job {
  return {
    name,
    async nextDueAt(db) {
      const done = await db.selectFrom('jobMarks').select('key').where('key', 'like', `${name}@%`).execute();
      return instants[done.length];
    },
    async run(unit) {
      const done = await unit.db.selectFrom('jobMarks').select('key').where('key', 'like', `${name}@%`).execute();
      await unit.db.insertInto('jobMarks').values({ key: `${name}@${done.length}`, at: unit.at }).execute();
    },
  };
}

const marks = async () => (await desk.runner.db.selectFrom('jobMarks').selectAll().orderBy('at').orderBy('key').execute()).map((mark) => `${mark.key} ${mark.at.slice(11, 19)}`);

async function start(...jobs: Job[]): Promise<JobRunner> {
  runner = new JobRunner(desk.runner, jobs, log);
  await runner.start();
  return runner;
}

describe('the job runner', () => {
  it('[EQP3] does at start what a sleeping server missed, and the rest when it is due', async () => {
    const now = desk.clock.now();
    const running = await start(marker('a', [now - 60_000, now + 60_000]));
    expect(await marks()).toEqual(['a@0 02:30:00']);
    await desk.clock.advanceAsync(120_000, () => running.idle());
    expect(await marks()).toEqual(['a@0 02:30:00', 'a@1 02:31:00']);
  });

  it('runs the jobs of a stretch of time in the order in which they are due', async () => {
    const now = desk.clock.now();
    const running = await start(marker('late', [now + 3000, now + 9000]), marker('early', [now + 1000, now + 6000]));
    await desk.clock.advanceAsync(10_000, () => running.idle());
    expect(await marks()).toEqual(['early@0 02:30:01', 'late@0 02:30:03', 'early@1 02:30:06', 'late@1 02:30:09']);
  });

  it('looks again after a commit, because that may have moved a deadline', async () => {
    const now = desk.clock.now();
    let due: number | undefined;
    const ran: number[] = [];
    const running = await start({
      name: 'moved',
      nextDueAt: async () => due,
      run: async (unit) => {
        ran.push(unit.now - now);
        due = undefined;
      },
    });
    due = now + 5000;
    await desk.run(async () => undefined);
    await running.idle();
    await desk.clock.advanceAsync(5000, () => running.idle());
    expect(ran).toEqual([5000]);
  });

  it('lets a failing job rest, says so, and runs the others', async () => {
    const now = desk.clock.now();
    const broken: Job = { name: 'broken', nextDueAt: async () => now, run: async () => Promise.reject(new Error('no')) };
    const running = await start(broken, marker('fine', [now + 1000]));
    await desk.clock.advanceAsync(1000, () => running.idle());
    expect(await marks()).toEqual(['fine@0 02:30:01']);
    expect(failures).toHaveLength(1);
    await desk.clock.advanceAsync(30_000, () => running.idle());
    expect(failures).toHaveLength(2);
  });

  it('does not spin on a job that does not move its deadline', async () => {
    const now = desk.clock.now();
    let runs = 0;
    await start({ name: 'stuck', nextDueAt: async () => now, run: async () => void runs++ });
    expect(runs).toBeLessThanOrEqual(3);
    expect(failures).toHaveLength(1);
  });

  it('looks again every minute of the machine, and is not woken by moving the library’s clock over months', async () => {
    const machine = new ManualClock(0);
    let looks = 0;
    runner = new JobRunner(desk.runner, [{ name: 'idle', nextDueAt: async () => void looks++, run: async () => undefined }], log, machine);
    await runner.start();
    const running = runner;
    await desk.clock.advanceAsync(90 * 24 * 3_600_000, () => running.idle());
    expect(looks).toBe(1);
    await machine.advanceAsync(60_000, () => running.idle());
    expect(looks).toBe(2);
    await running.close();
    expect(machine.pending).toBe(0);
  });

  it('looks once for a rush of commits, soon after it', async () => {
    const machine = new ManualClock(0);
    let looks = 0;
    runner = new JobRunner(desk.runner, [{ name: 'idle', nextDueAt: async () => void looks++, run: async () => undefined }], log, machine);
    await runner.start();
    for (let commit = 0; commit < 20; commit++) await desk.run(async () => undefined);
    expect(looks).toBe(1);
    const running = runner;
    await machine.advanceAsync(100, () => running.idle());
    expect(looks).toBe(2);
    await machine.advanceAsync(100, () => running.idle());
    await desk.run(async () => undefined);
    await running.idle();
    expect(looks).toBe(3);
  });

  it('leaves no timer when it is closed', async () => {
    const running = await start(marker('a', [desk.clock.now() + 60_000]));
    await running.close();
    await running.close();
    expect(desk.clock.pending).toBe(0);
  });
});
