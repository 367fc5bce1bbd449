import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../src/domain/refusal.ts';
import { decodeText } from '../../src/imports/decode-text.ts';
import { readBooks } from '../../src/imports/read-books.ts';
import { readEquipment } from '../../src/imports/read-equipment.ts';
import { readPeople } from '../../src/imports/read-people.ts';
import { readTable } from '../../src/imports/read-table.ts';
import { SHEET } from './import-trial.ts';
import { packMarc } from './pack-marc.ts';
import { packZip } from './pack-zip.ts';

const breathe = async () => undefined;

/** A cell as a spreadsheet writes it, with what needs quoting in it. */
const cell = fc.string({ unit: fc.constantFrom('a', 'B', '7', ' ', 'ñ', 'é', '"', ',', ';', '\t', '|', '\n', "'", '=', '-', '€'), maxLength: 12 });
const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 3, maxLength: 12 });
const written = (table: readonly (readonly string[])[], delimiter: string, end: string) =>
  table.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(delimiter) + end).join('');

function damaged(bytes: Buffer, damages: readonly (readonly [number, string, Uint8Array])[]): Buffer {
  return damages.reduce((now, [where, how, with_]) => {
    const at = now.length === 0 ? 0 : where % now.length;
    switch (how) {
      case 'flip': return Buffer.concat([now.subarray(0, at), with_, now.subarray(at + with_.length)]);
      case 'cut': return now.subarray(0, at);
      case 'insert': return Buffer.concat([now.subarray(0, at), with_, now.subarray(at)]);
      default: return Buffer.concat([now, now.subarray(at)]);
    }
  }, bytes);
}

describe('any table', () => {
  it('[IMP2] is read back whatever its encoding, delimiter and line ends', async () => {
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom(',', ';', '\t', '|'), fc.constantFrom('\n', '\r\n', '\r'), fc.constantFrom('utf8', 'utf-16le', 'utf-16be', 'win1252'), fc.boolean(), async (table, delimiter, end, encoding, mark) => {
        // Three columns in every row, the first never blank, so that nothing is ambiguous.
        const full = [['Kolumn', 'Reihe', 'Spalte'], ...table.map(([first, ...rest]) => [`x${first}`, ...rest])];
        const text = written(full, delimiter, end);
        const bytes = encoding === 'win1252' ? iconv.encode(text, encoding) : iconv.encode(text, encoding, { addBOM: mark || encoding !== 'utf8' });
        const read = await readTable(decodeText(bytes).text, breathe);
        expect([read.header, ...read.rows].map((row) => row.cells)).toEqual(full);
      }),
      { numRuns: 200 },
    );
  });

  it('[IMP2] has one judgement for every record below the header', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { minLength: 1, maxLength: 9 }), { maxLength: 20 }), async (table) => {
        const records = table.filter((row) => row.length > 1 || row[0]!.trim() !== '');
        const { judged } = await readPeople(Buffer.from(`${SHEET}\n${written(records, ',', '\n')}`), {}, breathe);
        expect(judged).toHaveLength(records.length);
        for (const { note, draft } of judged) expect([draft === undefined, note.reasons.length > 0 || draft !== undefined]).toEqual([note.verdict === 'reject' || note.verdict === 'filler', true]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('any bytes', () => {
  const samples = [
    Buffer.from(`${SHEET}\n1,Reyes,"Aya\nM.",GRADE 11 STEM 1,X,Student ,Female\n2,Cruz,Ben,GRADE 1,X,Student,Male\n`),
    iconv.encode(`${SHEET}\n1,Peñaflor,Aya,GRADE 1,X,Student,F\n`, 'utf-16le', { addBOM: true }),
    Buffer.concat([packMarc([['001', 'a1'], ['245', [['a', 'Título']]], ['952', [['p', 'GS1']]]]), packMarc([['001', 'a2'], ['245', [['a', Buffer.from([0xe2, 0x65])]]]], ' ')]),
    Buffer.from('<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>x</leader><controlfield tag="001">a</controlfield><datafield tag="245" ind1=" " ind2=" "><subfield code="a">T</subfield></datafield></record></collection>'),
    packZip([{ name: 'users.csv', content: 'sourcedId,givenName,familyName,role\nu1,Ann,Berg,student\n' }, { name: 'roles.csv', content: 'a,b\n' }]),
    Buffer.from('Name,Asset Tag,Category,Location\nPC,T-1,Laptop,Main\n'),
  ];
  const damage = fc.tuple(fc.nat(), fc.constantFrom('flip', 'cut', 'insert', 'repeat'), fc.uint8Array({ minLength: 1, maxLength: 8 }));

  it('[IMP2] are read or refused with words, by every reader', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...samples), fc.array(damage, { maxLength: 4 }), async (sample, damages) => {
        const bytes = damaged(sample, damages);
        const readers = [() => readPeople(bytes, {}, breathe), () => readBooks(bytes, {}, 2026, breathe), () => readEquipment(bytes, {}, breathe)];
        for (const read of readers) {
          const outcome = await read().catch((error: unknown) => error);
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(Refusal);
        }
      }),
      { numRuns: 500 },
    );
  });
});
