import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { mapColumns } from '../../src/imports/columns.ts';
import { decodeText } from '../../src/imports/decode-text.ts';
import { sniffDelimiter } from '../../src/imports/delimiter.ts';
import { readTable, type Breathe } from '../../src/imports/read-table.ts';

const breathe: Breathe = async () => undefined;
const cells = async (text: string) => {
  const table = await readTable(text, breathe);
  return [table.header, ...table.rows].map((row) => row.cells);
};

describe('the encoding', () => {
  const text = 'Name,Note\nPeñaflor,“€”\n';
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with BOM', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])],
    ['UTF-16LE', Buffer.concat([Buffer.from([0xff, 0xfe]), iconv.encode(text, 'utf-16le')])],
    ['UTF-16BE', Buffer.concat([Buffer.from([0xfe, 0xff]), iconv.encode(text, 'utf-16be')])],
    ['UTF-16LE', iconv.encode(text, 'utf-16le')],
    ['UTF-16BE', iconv.encode(text, 'utf-16be')],
    ['Windows-1252', iconv.encode(text, 'win1252')],
  ])('[IMP2] %s is found out', (encoding, bytes) => expect(decodeText(bytes)).toEqual({ text, encoding }));

  it('[IMP2] of bytes that are no text is refused with words', () => {
    const garbage = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256));
    expect(() => decodeText(garbage)).toThrow(/not a table/);
    expect(() => decodeText(Buffer.alloc(0))).toThrow(/empty/);
  });
});

describe('the delimiter', () => {
  it.each([
    ['a,b,c\n1,2,3', ','],
    ['a;b;c\n1,5;2,5;3,5', ';'],
    ['a\tb\n"x, y, z"\t1', '\t'],
    ['a|b|c\n1|2|3', '|'],
    ['"one, two";b\n1;2', ';'],
    ['alone\nx', ','],
  ])('[IMP2] of %j is %j', (text, delimiter) => expect(sniffDelimiter(text)).toBe(delimiter));
});

describe('a table', () => {
  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('[IMP2] with %s is read', async (name, end) => {
    const table = await readTable(['a,b', '1,2', '3,4', ''].join(end), breathe);
    expect([table.lineEnd, table.rows.map((row) => row.cells)]).toEqual([name, [['1', '2'], ['3', '4']]]);
  });

  it('[IMP2] keeps line breaks inside quotes and counts the lines behind them right', async () => {
    const table = await readTable('a,b\n1,"two\nlines"\n3,4\n', breathe);
    expect(table.rows).toEqual([{ line: 2, cells: ['1', 'two\nlines'] }, { line: 4, cells: ['3', '4'] }]);
  });

  it('[IMP2] keeps short, long and blank rows, and takes the ends of the file for no rows', async () => {
    expect(await cells('a,b\n1\n1,2,3\n,\nlast,one\n\n\n')).toEqual([['a', 'b'], ['1'], ['1', '2', '3'], ['', ''], ['last', 'one']]);
  });

  it('[IMP2] with a quotation mark never closed loses no line behind it', async () => {
    const { rows } = await readTable('a,b\n1,2\n"3,4\n5,6\n', breathe);
    expect(rows).toEqual([{ line: 2, cells: ['1', '2'] }, { line: 3, cells: ['3', '4'], strayQuote: true }, { line: 4, cells: ['5', '6'] }]);
  });

  it('[IMP2] of blank lines only is no table', async () => {
    await expect(readTable('\n,,\n', breathe)).rejects.toThrow(/no table/);
  });
});

describe('columns', () => {
  const aliases = { id: ['User ID', 'Student No.'], name: ['Surname'] } as const;
  const map = async (text: string, mapping?: Record<string, string>) => mapColumns(await readTable(text, breathe), aliases, ['id', 'name'], mapping);

  it('[IMP1] are found by any of their names, without case and punctuation', async () => {
    expect((await map('SURNAME,student no\nA,1\n')).rows).toEqual([{ line: 2, values: { id: '1', name: 'A' } }]);
  });

  it('[IMP1] can be mapped by hand, by header or by position', async () => {
    expect((await map('LRN,Apelyido\n1,A\n', { id: 'lrn', name: '#2' })).rows[0]!.values).toEqual({ id: '1', name: 'A' });
    await expect(map('LRN,Apelyido\n1,A\n', { id: 'LRM', name: '#2' })).rejects.toThrow(/no column "LRM"/);
    await expect(map('LRN,Apelyido\n1,A\n', { nickname: 'LRN' })).rejects.toThrow(/no field/);
  });

  it('[IMP2] with one header twice give the first filled cell; columns without a header are left out', async () => {
    expect((await map('User ID,,Surname,Surname\n1,x,,B\n2,y,C,D\n')).rows.map((row) => row.values)).toEqual([{ id: '1', name: 'B' }, { id: '2', name: 'C' }]);
  });

  it('[IMP2] are found under a title; title, blank rows and a repeated header are accounted for', async () => {
    const { rows } = await map('Roster 2025\nUser ID,Surname\n1,A\n,\nUser ID,Surname\n2,B\n');
    expect(rows.map((row) => row.filler ?? row.values.id)).toEqual(['line above the header', '1', 'blank row', 'the header again', '2']);
  });

  it('[IMP1] that are missing are named, with what the file has', async () => {
    await expect(map('Barcode,Title\n1,A\n')).rejects.toMatchObject({ status: 422, code: 'FILE_UNREADABLE', message: expect.stringMatching(/id, name.*Barcode, Title/) });
  });
});
