import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeMarc8 } from '../../src/imports/marc8.ts';
import { openTrial, type ImportTrial } from './import-trial.ts';
import { packMarc, type MarcFixture } from './pack-marc.ts';

let trial: ImportTrial;
beforeEach(async () => void (trial = await openTrial()));
afterEach(() => trial.close());

const WORK: MarcFixture = [
  ['001', 'ocm0001'],
  ['020', [['a', '0306406152 (pbk.) :'], ['c', '₱250.00']]],
  ['100', [['a', 'Göransson, Åsa,'], ['d', '1970-']]],
  ['245', [['a', 'Das Mädchen :'], ['b', 'eine Geschichte /'], ['c', 'von Åsa Göransson.']]],
  ['250', [['a', '2nd ed.']]],
  ['260', [['a', 'Manila :'], ['b', 'Haus,'], ['c', 'c2002.']]],
  ['300', [['a', '500 p. ;'], ['c', '22 cm.']]],
];
const books = () => trial.desk.runner.db.selectFrom('books').selectAll().orderBy('barcode').execute();

const marcXml = (prefix: string, namespace: string) =>
  `<?xml version="1.0"?><${prefix}collection ${namespace}="http://www.loc.gov/MARC21/slim"><${prefix}record><${prefix}leader>00000nam a2200000 a 4500</${prefix}leader><${prefix}controlfield tag="001">x1</${prefix}controlfield><${prefix}datafield tag="245" ind1="1" ind2="0"><${prefix}subfield code="a">Tom &amp; Jerry /</${prefix}subfield></${prefix}datafield><${prefix}datafield ind2=" " ind1=" " tag="952"><${prefix}subfield code="p">GS1</${prefix}subfield></${prefix}datafield></${prefix}record></${prefix}collection>`;

describe('MARC 21', () => {
  it('[IMP1] gives one copy per holding, of the library and of Koha', async () => {
    const record = packMarc([...WORK, ['852', [['h', 'FIC'], ['i', 'G67'], ['p', 'GS00010']]], ['952', [['o', 'FIC G67 c.2'], ['8', 'FIC'], ['p', 'GS00011'], ['v', '300']]]]);
    const result = await trial.apply('books', record);
    expect(result).toMatchObject({ format: 'MARC21', encoding: 'UTF-8', delimiter: null, lineEnd: null, counts: { create: 2, review: 0 } });
    expect(await books()).toMatchObject([
      { barcode: 'GS00010', title: 'Das Mädchen : eine Geschichte', author: 'Göransson, Åsa', callNumber: 'FIC G67', isbn: '0306406152', edition: '2nd ed.', place: 'Manila', publisher: 'Haus', year: '2002', description: '500 p. ; 22 cm', price: 25_000 },
      { barcode: 'GS00011', callNumber: 'FIC G67 c.2', collectionCode: 'FIC', price: 30_000 },
    ]);
  });

  it('[IMP2] without a holding is catalogued after its control number and flagged', async () => {
    const result = await trial.apply('books', packMarc(WORK));
    expect(result.rows).toMatchObject([{ outcome: 'review', reasons: [expect.stringContaining('MARC-ocm0001')] }]);
    expect(await books()).toMatchObject([{ barcode: 'MARC-ocm0001' }]);
    expect((await trial.apply('books', packMarc(WORK))).counts).toMatchObject({ unchanged: 1, review: 0 });
  });

  it('[IMP1] in MARC-8 has its diacritics before the letters', async () => {
    const record = packMarc([['001', 'm8'], ['245', [['a', Buffer.from([0xe8, 0x61, 0x62, 0xe2, 0x65, 0xb9, 0xa5])]]]], ' ');
    expect(await trial.apply('books', record)).toMatchObject({ encoding: 'MARC-8' });
    expect(await books()).toMatchObject([{ title: 'äbé£Æ' }]);
  });

  it('[IMP2] believes the bytes where the leader is wrong, and says so', async () => {
    const result = await trial.apply('books', packMarc(WORK, ' '));
    expect(result.rows[0]!.repairs).toContainEqual(expect.stringContaining('the bytes are UTF-8'));
    expect(await books()).toMatchObject([{ author: 'Göransson, Åsa' }]);
  });

  it('[IMP2] reports damaged records with their numbers and reads the others', async () => {
    const good = packMarc(WORK);
    const brokenLeader = Buffer.from(good);
    brokenLeader.write('xxxxx', 12, 'latin1');
    const brokenDirectory = Buffer.from(good);
    brokenDirectory.write('99999', 24 + 7, 'latin1');
    const result = await trial.apply('books', Buffer.concat([brokenLeader, good, Buffer.from('\r\n'), brokenDirectory, good.subarray(0, 100)]));
    expect(result.rows.map((row) => [row.line, row.outcome, row.reasons[0]])).toEqual([
      [1, 'reject', expect.stringContaining('leader')],
      [2, 'review', expect.stringContaining('no holding')],
      [3, 'reject', expect.stringContaining('field 001')],
      [4, 'reject', expect.stringContaining('ends inside')],
    ]);
    expect(await books()).toHaveLength(1);
  });

  it('[IMP1] in XML is read with and without a prefix', async () => {
    expect(await trial.apply('books', marcXml('', 'xmlns'))).toMatchObject({ format: 'MARCXML', counts: { create: 1 } });
    expect((await trial.apply('books', marcXml('marc:', 'xmlns:marc'))).counts).toMatchObject({ unchanged: 1 });
    expect(await books()).toMatchObject([{ barcode: 'GS1', title: 'Tom & Jerry' }]);
  });

  it('[IMP2] in XML that breaks off is refused with words', async () => {
    await expect(trial.preview('books', '<collection><record><leader>x</leader>')).rejects.toMatchObject({ code: 'FILE_UNREADABLE', message: expect.stringContaining('breaks off') });
    await expect(trial.preview('books', '<rss><channel/></rss>')).rejects.toThrow(/no MARC record/);
    await expect(trial.preview('books', '<html><body>Not found</body></html>')).rejects.toThrow(/web page/);
  });
});

describe('MARC-8', () => {
  it.each([
    ['plain', 'plain'],
    ['\xe4n', 'ñ'],
    ['\xf0c', 'ç'],
    ['\xe2\xf2e', 'ẹ\u0301'],
    ['\xc3 2002', '© 2002'],
    ['H\x1bb2\x1bsO', 'H2O'],
    ['\x1b(NABC\x1b(B def', '\ufffd\ufffd\ufffd def'],
    ['\x88The \x89cat', 'The cat'],
  ])('[IMP1] %j is %j', (bytes, text) => expect(decodeMarc8(bytes)).toBe(text.normalize('NFC')));
});
