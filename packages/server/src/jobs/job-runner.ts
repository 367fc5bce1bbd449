import type { Cancel, Clock } from '@clms/realtime';
import { SYSTEM } from '../domain/actor.ts';
import type { UnitRunner } from '../domain/unit-runner.ts';
import type { Job } from './job.ts';

/** After a failure a job rests this long, so that a broken one neither spins nor stops the others. */
const REST_AFTER_FAILURE_MS = 30_000;
/**
 * A job may be moved by another node's commits, which this one does not hear of, and a computer that slept has timers that are late: look at
 * least this often. Measured by the machine's clock, so that a trial that moves the library's by a year is not stopped every minute of it.
 */
const LOOK_AGAIN_MS = 60_000;
/** Looking costs as much as a check-in: a rush of commits is looked at once in this time. The first after a rest is looked at in its own turn. */
const COMMITS_SPACING_MS = 100;
/** Longer waits go in pieces: timers of JavaScript end at 24.8 days. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

interface Log {
  error(details: Record<string, unknown>, message: string): void;
}

/** Runs each job when the database says that it is due: at start, after commits, which may have moved one, and by one timer. */
export class JobRunner {
  readonly #runner: UnitRunner;
  readonly #jobs: readonly Job[];
  readonly #log: Log;
  readonly #resting = new Map<Job, number>();
  readonly #machine: Clock;
  #cancelTimer: Cancel | undefined;
  #cancelLook: Cancel | undefined;
  #cancelSpacing: Cancel | undefined;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #running: Promise<void> | undefined;
  #again = false;
  #closed = false;

  /** `machine`: the clock of the computer, where the library lives on another one. */
  constructor(runner: UnitRunner, jobs: readonly Job[], log: Log, machine: Clock = runner.clock) {
    this.#runner = runner;
    this.#machine = machine;
    this.#jobs = jobs;
    this.#log = log;
    runner.onCommit(() => this.#committed());
  }

  /** Does what is due now and arms the timer for the next. Resolves when nothing more is due. */
  start(): Promise<void> {
    this.wake();
    return this.idle();
  }

  /** A job may be due earlier than the timer knows. */
  wake(): void {
    if (this.#closed) return;
    this.#cancelSpacing?.();
    this.#cancelSpacing = undefined;
    this.#again = true;
    this.#running ??= this.#loop().finally(() => (this.#running = undefined));
  }

  /** Resolves when everything due has been done, without waiting for the spacing. */
  async idle(): Promise<void> {
    for (;;) {
      if (this.#cancelSpacing) this.wake();
      if (!this.#running) return;
      await this.#running;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#disarm();
    this.#cancelSpacing?.();
    this.#cancelSpacing = undefined;
    await this.idle();
  }

  #committed(): void {
    if (this.#closed || this.#cancelSpacing) return;
    const waitMs = this.#lookedAtMs + COMMITS_SPACING_MS - this.#machine.now();
    if (waitMs <= 0) this.wake();
    else this.#cancelSpacing = this.#machine.setTimer(waitMs, () => this.wake());
  }

  #disarm(): void {
    this.#cancelTimer?.();
    this.#cancelLook?.();
  }

  async #loop(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      // Commits of one turn of the event loop are looked at together.
      await new Promise<void>((resolve) => setImmediate(resolve));
      this.#lookedAtMs = this.#machine.now();
      const next = await this.#next();
      this.#disarm();
      if (this.#closed) return;
      const now = this.#runner.now();
      if (next && next.at <= now) {
        await this.#runJob(next.job);
        this.#again = true;
      } else {
        if (next) this.#cancelTimer = this.#runner.clock.setTimer(Math.min(next.at - now, LONGEST_WAIT_MS), () => this.wake());
        this.#cancelLook = this.#machine.setTimer(LOOK_AGAIN_MS, () => this.wake());
      }
    }
  }

  async #next(): Promise<{ job: Job; at: number } | undefined> {
    const now = this.#runner.now();
    let next: { job: Job; at: number } | undefined;
    for (const job of this.#jobs) {
      const restsUntil = this.#resting.get(job) ?? 0;
      const due = await this.#dueAt(job, now);
      if (due === undefined) continue;
      const at = Math.max(due, restsUntil);
      if (!next || at < next.at) next = { job, at };
    }
    return next;
  }

  async #dueAt(job: Job, now: number): Promise<number | undefined> {
    try {
      return await job.nextDueAt(this.#runner.db, now, this.#runner.venue);
    } catch (error) {
      this.#log.error({ job: job.name, err: error }, 'a job could not tell when it is due; asking again later');
      this.#resting.set(job, now + REST_AFTER_FAILURE_MS);
      return now + REST_AFTER_FAILURE_MS;
    }
  }

  async #runJob(job: Job): Promise<void> {
    try {
      await this.#runner.run(SYSTEM, async (unit) => {
        await unit.lock('jobs'); // of several nodes one does the work, the others then find it done
        await job.run(unit);
      });
      const now = this.#runner.now();
      const due = await job.nextDueAt(this.#runner.db, now, this.#runner.venue);
      // Due within the same millisecond again is progress of its own; due in the past without having moved would spin for ever.
      if (due !== undefined && due <= now && this.#stuck(job, due)) throw new Error(`job ${job.name} ran and is still due at ${due}`);
      this.#resting.delete(job);
    } catch (error) {
      this.#log.error({ job: job.name, err: error }, 'a job failed; it is tried again in half a minute');
      this.#resting.set(job, this.#runner.now() + REST_AFTER_FAILURE_MS);
    }
  }

  readonly #lastDue = new Map<Job, { due: number; times: number }>();

  #stuck(job: Job, due: number): boolean {
    const last = this.#lastDue.get(job);
    const times = last?.due === due ? last.times + 1 : 1;
    this.#lastDue.set(job, { due, times });
    return times >= 3;
  }
}
