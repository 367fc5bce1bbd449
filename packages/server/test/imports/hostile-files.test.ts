import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_FILE_BYTES } from '../../src/imports/import-desk.ts';
import { openTrial, SHEET, type ImportTrial } from './import-trial.ts';
import { packZip } from './pack-zip.ts';

let trial: ImportTrial;
beforeEach(async () => void (trial = await openTrial()));
afterEach(() => trial.close());

const refused = (content: string | Buffer, kind: 'students' | 'books' | 'equipment' = 'students') => trial.apply(kind, content).catch((error: unknown) => error as { status: number; code: string; message: string });

describe('a file that is none', () => {
  it.each([
    ['nothing', Buffer.alloc(0), /empty/],
    ['noise', Buffer.from(Array.from({ length: 9000 }, (_, index) => (index * 7919 + 13) % 256)), /not a table/],
    ['a picture', Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47]), Buffer.alloc(50)]), /picture/],
    ['a PDF', Buffer.from('%PDF-1.7\n'), /PDF/],
    ['an old Excel file', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0, 0]), /Save it as CSV/],
    ['a new Excel file', packZip([{ name: '[Content_Types].xml', content: '<x/>' }]), /Save the sheet as CSV/],
    ['a ZIP that breaks off', packZip([{ name: 'users.csv', content: 'a,b\n' }]).subarray(0, 40), /ZIP file is damaged/],
    ['another table', Buffer.from('Fruit,Colour\napple,red\n'), /no column for an id.*Fruit, Colour/],
  ])('[IMP2] is refused with words: %s', async (_, content, words) => {
    expect(await refused(content)).toMatchObject({ status: 422, code: 'FILE_UNREADABLE', message: expect.stringMatching(words) });
    expect(await trial.imports.latest()).toMatchObject([{ status: 'FAILED', error: expect.stringMatching(words) }]);
  });
});

it('[IMP2] XML that digs without end, or names entities of its own, is refused with words', async () => {
  expect(await refused('<a>'.repeat(200_000), 'books')).toMatchObject({ status: 422, message: expect.stringContaining('deep') });
  const entities = '<!DOCTYPE c [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><collection><record><leader>&b;</leader></record></collection>';
  expect(await refused(entities, 'books')).toMatchObject({ status: 422, message: expect.stringContaining('entity') });
});

it('[IMP2] cells made to keep a pattern busy take no longer than others', async () => {
  const busy = 48_000;
  const result = await trial.apply('students', `${SHEET}\n${'*'.repeat(busy)}x,Reyes,Aya,GRADE 1,X,Student,F\n1,${' '.repeat(busy)}x,Aya,${'1'.repeat(busy)},${'-'.repeat(busy)},${'Student '.repeat(busy / 8)},F\n`);
  expect(result.rows.map((row) => row.outcome)).toEqual(['reject', 'review']);
  const xml = `<record><controlfield tag="001">a</controlfield><datafield tag="245"><subfield code="a">T${' '.repeat(busy)}x${'fFIL'.repeat(busy / 4)}</subfield></datafield></record>`;
  expect((await trial.apply('books', xml)).rows).toMatchObject([{ outcome: 'review' }]);
});

describe('a file that is too large', () => {
  it('[IMP2] is refused before it is read', async () => {
    expect(await refused(Buffer.alloc(MAX_FILE_BYTES + 1, 'a'))).toMatchObject({ status: 413, code: 'FILE_TOO_LARGE' });
  });

  it('[IMP2] by its rows is refused with the limit', async () => {
    expect(await refused(`User ID,Surname\n${'1,a\n'.repeat(100_001)}`)).toMatchObject({ status: 413, message: expect.stringContaining('100000 rows') });
  });

  it('[IMP2] once unpacked is refused, whatever its directory claims', async () => {
    const bomb = Buffer.alloc(5 * 1024 * 1024, '0');
    expect(await refused(packZip([{ name: 'users.csv', content: bomb }]))).toMatchObject({ status: 413, message: expect.stringContaining('unpacks to') });
    expect(await refused(packZip([{ name: 'users.csv', content: bomb, claimedSize: 1000 }]))).toMatchObject({ code: expect.stringMatching(/FILE_TOO_LARGE|FILE_UNREADABLE/) });
    const many = Array.from({ length: 201 }, (_, index) => ({ name: `${index}.csv`, content: 'a' }));
    expect(await refused(packZip(many))).toMatchObject({ status: 413, message: expect.stringContaining('201 entries') });
  });
});

it('[IMP3] formulas and markup in names are text and stay text', async () => {
  await trial.apply('students', `${SHEET}\n1,"=HYPERLINK(""x"")",<b>Ana</b>,GRADE 1,X,Student,F\n`);
  expect(await trial.desk.runner.db.selectFrom('people').select(['surname', 'givenName']).execute()).toEqual([{ surname: '=HYPERLINK("x")', givenName: '<b>Ana</b>' }]);
});

it('[IMP3] imports wait for each other, and too many are told to come back', async () => {
  const file = `${SHEET}\n1,Reyes,Aya,GRADE 1,X,Student,F\n`;
  const answers = await Promise.allSettled(Array.from({ length: 6 }, () => trial.apply('students', file)));
  expect(answers.map((answer) => (answer.status === 'fulfilled' ? answer.value.counts.create + answer.value.counts.unchanged * 10 : (answer.reason as { code: string }).code))).toEqual([1, 10, 10, 10, 'IMPORTS_BUSY', 'IMPORTS_BUSY']);
});
