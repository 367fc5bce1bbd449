import { SYSTEM } from '../src/domain/actor.ts';
import { createBook, type Book, type BookInput } from '../src/domain/books.ts';
import { createEquipment, type EquipmentInput } from '../src/domain/equipment.ts';
import type { EquipmentDetail } from '../src/domain/equipment-view.ts';
import { createPerson } from '../src/domain/people.ts';
import type { PersonRow } from '../src/domain/person.ts';
import { JobRunner } from '../src/jobs/job-runner.ts';
import type { Job } from '../src/jobs/job.ts';
import type { Desk } from './desk.ts';

export const MINUTE = 60_000;

/** A pupil of this grade, called after the number: "Cruz, Pupil 1". */
export function addPupil(desk: Desk, number: number, gradeLevel = '9'): Promise<PersonRow> {
  return desk.run((unit) => createPerson(unit, { schoolId: `2024${String(number).padStart(4, '0')}`, surname: 'Cruz', givenName: `Pupil ${number}`, gradeLevel }));
}

export function addTeacher(desk: Desk): Promise<PersonRow> {
  return desk.run((unit) => createPerson(unit, { schoolId: 'PN00001', surname: 'Reyes', givenName: 'Maria', kind: 'PERSONNEL' }));
}

export function addItem(desk: Desk, name: string, more: Partial<EquipmentInput> = {}): Promise<EquipmentDetail> {
  return desk.run((unit) => createEquipment(unit, { name, type: 'COMPUTER', location: 'Main Library', ...more }));
}

export function addBook(desk: Desk, barcode: string, more: Partial<BookInput> = {}): Promise<Book> {
  return desk.run((unit) => createBook(unit, { barcode, title: 'Noli Me Tangere', author: 'Rizal, Jose', collectionCode: 'FIC', ...more }));
}

/** The jobs at work on the desk's clock; a job that fails fails the test. */
export async function startJobs(desk: Desk, ...jobs: Job[]): Promise<{ advance(ms: number): Promise<void>; close(): Promise<void> }> {
  const failures: unknown[] = [];
  const runner = new JobRunner(desk.runner, jobs, { error: (details) => void failures.push(details) });
  await runner.start();
  return {
    async advance(ms) {
      await desk.clock.advanceAsync(ms, () => runner.idle());
      if (failures.length > 0) throw new Error(`a job failed: ${JSON.stringify(failures)}`);
    },
    close: () => runner.close(),
  };
}

/** Moves the desk's clock on by `ms` and runs one job at each instant that it names on the way: days go by without a timer every minute. */
export async function letPass(desk: Desk, job: Job, ms: number): Promise<void> {
  const end = desk.clock.now() + ms;
  for (;;) {
    const now = desk.clock.now();
    const due = await job.nextDueAt(desk.runner.db, now, desk.runner.venue);
    if (due === undefined || due > end) break;
    if (due > now) desk.clock.advance(due - now);
    await desk.run((unit) => job.run(unit), SYSTEM);
    const next = await job.nextDueAt(desk.runner.db, desk.clock.now(), desk.runner.venue);
    if (next !== undefined && next <= due) throw new Error(`${job.name} ran and is still due at ${next}`);
  }
  desk.clock.advance(end - desk.clock.now());
}

/** Data of the events of one type since `from` events ago were there. */
export function told<T = Record<string, unknown>>(desk: Desk, type: string, from = 0): T[] {
  return desk.events.slice(from).filter((event) => event.type === type).map((event) => event.data as T);
}
