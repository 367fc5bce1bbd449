import iconv from 'iconv-lite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeText } from '../../src/imports/decode-text.ts';
import { openTrial, rowOn, SHEET, type ImportTrial } from './import-trial.ts';
import { packMarc } from './pack-marc.ts';
import { packZip } from './pack-zip.ts';

let trial: ImportTrial;
beforeEach(async () => void (trial = await openTrial()));
afterEach(() => trial.close());

const pupil = (number: number, given = `Pupil ${number}`) => `2024${String(number).padStart(4, '0')},Cruz,${given},GRADE 5,ST. RITA,Student,Female`;
const sheet = (...lines: string[]) => [SHEET, ...lines].join('\n');
const many = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => pupil(from + index));

describe('a quotation mark that is opened and not closed', () => {
  it('[IMP2] costs no other record, up to the next quoted cell', async () => {
    const result = await trial.preview('students', sheet(...many(1, 3), pupil(4, '"Ana'), ...many(5, 9), pupil(10, '"Bea, Jr."'), ...many(11, 12)));
    expect(result.counts).toMatchObject({ create: 11, review: 1, reject: 0 });
    expect(rowOn(result, 5)).toMatchObject({ outcome: 'review', reasons: [expect.stringContaining('opened and not closed')] });
    expect(result.rows.map((row) => row.line)).toEqual(Array.from({ length: 12 }, (_, index) => index + 2));
  });

  it.each(['\n', '\r\n', '\r'])('[IMP2] costs no other record, up to the end of the file (line ends %j)', async (end) => {
    const result = await trial.apply('students', sheet(...many(1, 3), pupil(4, '"Ana'), ...many(5, 9)).replaceAll('\n', end));
    expect(result.counts).toMatchObject({ create: 8, review: 1, reject: 0 });
    const names = await trial.desk.runner.db.selectFrom('people').select('givenName').where('schoolId', '=', '20240004').execute();
    expect(names).toEqual([{ givenName: 'Ana' }]);
  });

  it('[IMP2] is shown to somebody where it may be one: a cell that holds the next line', async () => {
    const result = await trial.preview('students', sheet(...many(1, 3), pupil(4, '"Ana'), pupil(5, '"Bea"')));
    expect(rowOn(result, 5).reasons).toContainEqual(expect.stringContaining('other lines of the table'));
  });

  it('[IMP2] in every other line is no table', async () => {
    const lines = Array.from({ length: 60 }, (_, index) => pupil(index, index % 2 ? '"Ana' : 'Bea'));
    await expect(trial.preview('students', sheet(...lines, ...many(70, 80)))).rejects.toMatchObject({ status: 422, message: expect.stringContaining('breaks off near line') });
  });

  it('[IMP2] is none in a note of several lines', async () => {
    const result = await trial.preview('books', 'Barcode,Title,Note Area\nGS00001,One,"first, worn\nsecond\nthird, torn\nfourth"\nGS00002,Two,\n');
    expect(result.counts).toMatchObject({ create: 2, review: 0 });
  });
});

describe('a table with more than its records', () => {
  it('[IMP2] says what stands beyond the last column', async () => {
    const result = await trial.preview('students', sheet(pupil(1), `${pupil(2)},loose`, `${pupil(3)},,`));
    expect(rowOn(result, 3)).toMatchObject({ outcome: 'review', reasons: [expect.stringContaining('1 cell stands beyond')] });
    expect(rowOn(result, 4).outcome).toBe('create');
  });

  it.each([
    ['students', SHEET, pupil(1), ['Total,882,,,,,', 'GRAND TOTAL:,,,882,,,', 'Subtotal,,,,,,']],
    ['books', 'Barcode,Title,Price', 'GS00001,One,10', ['TOTAL,2784,', 'Total,,"₱1,234.50"']],
  ] as const)('[IMP2] takes no total for a record: %s', async (kind, header, record, totals) => {
    const result = await trial.apply(kind, [header, record, ...totals].join('\n'), { strict: true });
    expect(result.counts).toMatchObject({ create: 1, reject: totals.length });
    expect(result.rows.slice(1).every((row) => row.reasons.includes('a total, not a record'))).toBe(true);
  });

  it('[IMP2] keeps a book that is called so', async () => {
    expect((await trial.preview('books', 'Barcode,Title\nTOTAL1,Total Recall\nTotal,The sum of all fears\n')).counts).toMatchObject({ create: 2 });
  });
});

describe('an id that a spreadsheet has rounded', () => {
  it('[IMP2] does not take the place of one that is certain', async () => {
    const result = await trial.preview('students', sheet(pupil(1).replace('20240001', '2.0240E+07'), pupil(2).replace('20240002', '20240000')));
    expect(result.rows.map((row) => row.outcome)).toEqual(['reject', 'create']);
    expect(rowOn(result, 2).reasons).toContainEqual(expect.stringContaining('another line of the file has it for certain'));
  });

  it('[IMP2] does not rename a copy that the library has', async () => {
    await trial.apply('books', 'Barcode,Title\n123000,One\n');
    const result = await trial.preview('books', 'Barcode,Title\n1.23E+05,Two\n');
    expect(rowOn(result, 2)).toMatchObject({ outcome: 'reject' });
    expect((await trial.preview('books', 'Barcode,Title,Year\n1.23E+05,One,1998\n')).rows).toMatchObject([{ outcome: 'review' }]);
  });
});

describe('letters of a Mac', () => {
  const names = 'Peña, Muñoz, Ñíguez, Dueñas, José';
  it.each(['win1252', 'macintosh'])('[IMP2] are told from those of Windows: %s', (encoding) => {
    const { text, encoding: found } = decodeText(iconv.encode(names, encoding));
    expect([text, found]).toEqual([names, encoding === 'macintosh' ? 'Mac OS Roman' : 'Windows-1252']);
  });

  it.each(['Santos–Cruz, D’Souza, 2019–2020 “quoted” …', 'Müller–Lüdenscheid', 'well–known', 'CAFÉ', 'a€a', 'kr€v, B€B, k€d, k€e', 'sœur, Krištof', 'wait…what'])('[IMP2] are not seen where Windows wrote: %s', (text) => {
    expect(decodeText(iconv.encode(text, 'win1252'))).toEqual({ text, encoding: 'Windows-1252' });
  });
});

describe('what a file may be instead', () => {
  it.each(['<!DOCTYPE html><html>', '\ufeff\n <!-- saved from the portal -->\n<HTML lang="en">', '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml">'])('[IMP2] a web page: %s', async (page) => {
    for (const kind of ['students', 'books', 'equipment'] as const) await expect(trial.preview(kind, page)).rejects.toMatchObject({ status: 422, message: expect.stringContaining('web page') });
  });

  it('[IMP2] MARCXML in UTF-16, and MARC behind a mark of UTF-8', async () => {
    const xml = '<?xml version="1.0" encoding="UTF-16"?><record><leader>00000nam a2200000 a 4500</leader><datafield tag="245"><subfield code="a">Título</subfield></datafield><datafield tag="952"><subfield code="p">GS1</subfield></datafield></record>';
    expect((await trial.preview('books', iconv.encode(xml, 'utf-16le', { addBOM: true }))).counts).toMatchObject({ create: 1 });
    const marc = packMarc([['001', 'a1'], ['245', [['a', 'One']]], ['952', [['p', 'GS2']]]]);
    expect((await trial.preview('books', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), marc]))).counts).toMatchObject({ create: 1, reject: 0 });
  });

  it('[IMP2] a ZIP with two lists of one name', async () => {
    const twice = packZip([{ name: 'a/users.csv', content: 'x' }, { name: 'b/users.csv', content: 'x' }]);
    await expect(trial.preview('students', twice)).rejects.toMatchObject({ status: 422, message: expect.stringContaining('more than once') });
  });

  it('[IMP2] text with zeros in it, which no database of ours keeps', async () => {
    const result = await trial.apply('students', sheet(pupil(1, 'A\u0000na\u0007')));
    expect(rowOn(result, 2).repairs).toEqual(['First Name: control characters were taken out']);
    expect(await trial.desk.runner.db.selectFrom('people').select('givenName').execute()).toEqual([{ givenName: 'Ana' }]);
  });
});
