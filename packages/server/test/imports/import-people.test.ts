import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPerson } from '../../src/domain/people.ts';
import { beginImport } from '../../src/imports/import-store.ts';
import { interruptedImports } from '../../src/jobs/interrupted-imports.ts';
import { ANA } from '../desk.ts';
import { openTrial, rowOn, SHEET, type ImportTrial } from './import-trial.ts';

let trial: ImportTrial;
beforeEach(async () => void (trial = await openTrial()));
afterEach(() => trial.close());

const people = () => trial.desk.runner.db.selectFrom('people').selectAll().orderBy('schoolId').execute();
const sheet = (...rows: string[]) => [SHEET, ...rows, ''].join('\n');
const PUPILS = ['20240001,Reyes,Aya,GRADE 11 STEM 1,ST. ANNE,Student ,Female', '20240002,Cruz,Ben,GRADE 1,ST. JOHN,Student ,Male', 'PN00001,SANTOS,CARLA,2025-2026,Staff,Personnel,Female'];

describe('an import of the school’s sheet', () => {
  it('[IMP3] previews without writing, then writes what was previewed, and twice changes nothing', async () => {
    const preview = await trial.preview('students', sheet(...PUPILS));
    expect(preview).toMatchObject({ status: 'PREVIEWED', format: 'SCHOOL_SHEET', encoding: 'UTF-8', delimiter: ',', lineEnd: 'LF', counts: { create: 3, update: 0, unchanged: 0, review: 0, reject: 0, deactivate: 0 } });
    expect(await people()).toEqual([]);

    const applied = await trial.apply('students', sheet(...PUPILS));
    expect([applied.status, applied.counts, applied.rows]).toEqual(['APPLIED', preview.counts, preview.rows]);
    const written = await people();
    expect((await trial.apply('students', sheet(...PUPILS))).counts).toMatchObject({ create: 0, update: 0, unchanged: 3 });
    expect(await people()).toEqual(written);
  });

  it('[PPL2] reads grades as values: grade 11 is not grade 1, and personnel have none', async () => {
    await trial.apply('students', sheet(...PUPILS));
    expect((await people()).map((person) => [person.kind, person.gradeLevel, person.strand, person.gradeCategory])).toEqual([
      ['STUDENT', '11', 'STEM 1', 'SENIOR_HIGH'],
      ['STUDENT', '1', null, 'PRIMARY'],
      ['PERSONNEL', null, null, 'PERSONNEL'],
    ]);
  });

  it('[PPL1] takes the id as barcode, and finds people by it without case', async () => {
    await trial.apply('students', sheet('20240003a,Dizon,Eli,GRADE 5,ST. X,Student,Male'));
    const again = await trial.apply('students', sheet('20240003A,Dizon,Eli,GRADE 6,ST. X,Student,Male'));
    expect(again.counts).toMatchObject({ create: 0, update: 1 });
    expect(await people()).toMatchObject([{ schoolId: '20240003a', barcode: '20240003a', gradeLevel: '6', version: 2 }]);
  });

  it('[IMP2] repairs a slipped column, a line break and decomposed letters, and lists each', async () => {
    const result = await trial.apply('students', sheet('1001,Pen\u0303aflor,Ana,GRADE 2,ST. X,Male,', '1002,Cruz,"Ben\nJr.",GRADE 2,ST. X,Student,Male'));
    expect(result.counts).toMatchObject({ create: 2, review: 0 });
    expect(rowOn(result, 2).repairs).toEqual([expect.stringContaining('decomposed'), expect.stringContaining('slipped')]);
    expect(rowOn(result, 3).repairs).toEqual([expect.stringContaining('line break')]);
    expect((await people()).map((person) => [person.surname, person.givenName, person.kind, person.sex])).toEqual([['Pe\u00f1aflor', 'Ana', 'STUDENT', 'Male'], ['Cruz', 'Ben Jr.', 'STUDENT', 'Male']]);
  });

  it('[IMP2] accounts for every record: blank rows are listed and stop nothing', async () => {
    const result = await trial.apply('students', sheet(PUPILS[0]!, ',,,,,,', PUPILS[1]!), { strict: true });
    expect(result.rows.map((row) => [row.line, row.outcome, row.reasons])).toEqual([[2, 'create', []], [3, 'reject', ['blank row']], [4, 'create', []]]);
  });

  it('[IMP2] writes doubtful rows and flags them', async () => {
    const result = await trial.apply('students', sheet('2.024E+07,Reyes,Aya,GRADE 4,X,Student,F', '1002,Cruz,Ben,GRADE 14,X,Student,M', '1003,Diaz,Cara,GRADE 3,X,Visitor,M'));
    expect(result.counts).toMatchObject({ create: 0, review: 3, reject: 0 });
    expect((await people()).map((person) => [person.schoolId, person.gradeLevel])).toEqual([['1002', null], ['1003', '3'], ['20240000', '4']]);
  });

  it('[IMP2] never lets a guessed id overwrite somebody with another name', async () => {
    await trial.apply('students', sheet('20240000,Reyes,Aya,GRADE 4,X,Student,F'));
    const result = await trial.apply('students', sheet('2.024E+07,Cruz,Ben,GRADE 5,X,Student,M'));
    expect(rowOn(result, 2)).toMatchObject({ outcome: 'reject' });
    expect(await people()).toMatchObject([{ surname: 'Reyes' }]);
  });

  it('[IMP3] leaves rejected rows out, and strict lets one stop everything', async () => {
    const bad = sheet(PUPILS[0]!, ',Cruz,Ben,GRADE 1,X,Student,Male', '20240001,Reyes,Other,GRADE 2,X,Student,Male');
    await expect(trial.apply('students', bad, { strict: true })).rejects.toMatchObject({ status: 409, code: 'ROWS_REJECTED', details: { rejected: 2 } });
    expect(await people()).toEqual([]);
    const result = await trial.apply('students', bad);
    expect(result.counts).toMatchObject({ create: 1, reject: 2 });
    expect(rowOn(result, 4).reasons).toEqual([expect.stringContaining('already on line 2')]);
  });

  it('[PPL3] reports a barcode that another person has', async () => {
    await trial.desk.run((unit) => createPerson(unit, { schoolId: 'A1', surname: 'Old', givenName: 'Olga', barcode: '777' }));
    const result = await trial.apply('students', 'User ID,Surname,First Name,Barcode\n777,New,Nina,\nB2,Newer,Nora,778\nB3,Newest,Nick,778\n');
    expect(rowOn(result, 2)).toMatchObject({ outcome: 'reject', reasons: [expect.stringMatching(/.*/), expect.stringContaining('barcode 777 is that of the person with the id A1')] });
    expect(rowOn(result, 4)).toMatchObject({ outcome: 'reject' });
    expect((await people()).map((person) => person.schoolId)).toEqual(['A1', 'B2']);
  });

  it('[SCN1] flags a card that a book bears too: a scan would find the person only', async () => {
    await trial.apply('books', 'Barcode,Title\n20240001,Thermae\n');
    const result = await trial.apply('students', sheet(...PUPILS));
    expect(rowOn(result, 2)).toMatchObject({ outcome: 'review', reasons: [expect.stringContaining('20240001 is also on a book')] });
    expect(rowOn(await trial.apply('books', 'Barcode,Title\n20240002,Novum\n'), 2)).toMatchObject({ outcome: 'review', reasons: [expect.stringContaining("also a person's")] });
  });

  it('[IMP3] keeps what the file leaves blank', async () => {
    await trial.apply('students', sheet(PUPILS[0]!));
    const result = await trial.apply('students', 'User ID,Surname,First Name,Grade Level\n20240001,Reyes,Aya Maria,\n');
    expect(result.counts.review + result.counts.update).toBe(1);
    expect(await people()).toMatchObject([{ givenName: 'Aya Maria', gradeLevel: '11', strand: 'STEM 1', section: 'ST. ANNE', sex: 'Female' }]);
  });
});

describe('a full import', () => {
  const ten = Array.from({ length: 10 }, (_, index) => `${index + 1000},Cruz${index},Ben,GRADE 3,X,Student,Male`);

  it('[PPL3] deactivates who is missing, deletes nobody, and brings back who returns', async () => {
    await trial.apply('students', sheet(...ten));
    const result = await trial.apply('students', sheet(...ten.slice(0, 8)), { full: true });
    expect(result.counts).toMatchObject({ unchanged: 8, deactivate: 2 });
    expect((await people()).map((person) => person.active)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
    expect((await trial.apply('students', sheet(...ten), { full: true })).counts).toMatchObject({ update: 2, deactivate: 0 });
  });

  it('[PPL3] asks twice before it deactivates more than a fifth', async () => {
    await trial.apply('students', sheet(...ten));
    const seven = sheet(...ten.slice(0, 7));
    expect((await trial.preview('students', seven, { full: true })).counts.deactivate).toBe(3);
    await expect(trial.apply('students', seven, { full: true })).rejects.toMatchObject({ status: 409, code: 'CONFIRM_DEACTIVATION', details: { deactivate: 3, percent: 30 } });
    expect((await people()).every((person) => person.active === 1)).toBe(true);
    expect((await trial.apply('students', seven, { full: true, confirm: true })).counts.deactivate).toBe(3);
  });

  it('[PPL3] does not take a rejected row for a missing person', async () => {
    await trial.apply('students', sheet(...ten));
    const result = await trial.preview('students', sheet(...ten.slice(0, 9), '1009,,,GRADE 3,X,Student,Male'), { full: true });
    expect(result.counts).toMatchObject({ reject: 1, deactivate: 0 });
  });

  it('[PPL3] is for people only', async () => {
    await expect(trial.preview('books', 'Barcode,Title\n1,A\n', { full: true })).rejects.toMatchObject({ status: 400 });
  });
});

describe('an import at work', () => {
  it('[IMP3] tells its progress on the system topic, and is audited without names', async () => {
    await trial.apply('students', sheet(...PUPILS));
    const told = trial.desk.events.map((event) => event.data as { category: string; message: string; details: { percent: number } });
    expect(told.map((event) => [event.category, event.details.percent])).toEqual([['IMPORT', 0], ['IMPORT', 50], ['IMPORT', 100]]);
    const audit = await trial.desk.runner.db.selectFrom('audit').selectAll().where('action', '=', 'IMPORT_APPLIED').execute();
    expect(audit).toHaveLength(1);
    expect(JSON.stringify([told, audit])).not.toMatch(/Reyes|Santos/i);
  });

  it('[IMP3] of a large file answers RUNNING at once and is read again by its id', async () => {
    const small = await openTrial({ largeBytes: 50 });
    const begun = await small.apply('students', sheet(...PUPILS));
    expect(begun).toMatchObject({ status: 'RUNNING', rows: [] });
    await small.imports.idle();
    expect(await small.imports.byId(begun.id)).toMatchObject({ status: 'APPLIED', progress: 100, counts: { create: 3 } });
    await small.close();
  });

  it('[IMP3] is not remembered as running for ever when the server stops in the middle', async () => {
    const id = await beginImport(trial.desk.runner, ANA, 'students', undefined);
    const { db, venue } = trial.desk.runner;
    const due = await interruptedImports.nextDueAt(db, trial.desk.clock.now(), venue);
    expect(due).toBe(trial.desk.clock.now() + 15 * 60_000);
    trial.desk.clock.advance(15 * 60_000);
    await trial.desk.run((unit) => interruptedImports.run(unit));
    expect(await trial.imports.byId(id)).toMatchObject({ status: 'FAILED', error: expect.stringContaining('Nothing was changed') });
    expect(await interruptedImports.nextDueAt(db, trial.desk.clock.now(), venue)).toBeUndefined();
  });

  it('[IMP3] that fails keeps its preview and says why', async () => {
    await expect(trial.apply('students', sheet(PUPILS[0]!, ',Cruz,Ben,GRADE 1,X,Student,Male'), { strict: true })).rejects.toThrow(/nothing was/);
    const [failed] = await trial.imports.latest();
    const kept = await trial.imports.byId(failed!.id);
    expect(kept).toMatchObject({ status: 'FAILED', error: expect.stringContaining('1 rows cannot be written'), counts: { create: 1, reject: 1 } });
    expect(kept.rows).toHaveLength(2);
  });
});
