import { describe, expect, it } from 'vitest';
import { damagedWord, readPrice, readYear } from '../../src/imports/book-cells.ts';
import { cleanText, repairId } from '../../src/imports/cell-repair.ts';
import { RowNote } from '../../src/imports/row-note.ts';

describe('an id that a spreadsheet took for a number', () => {
  it.each([
    ['2.0240012E+07', '20240012', false],
    ['2,0240012e7', '20240012', false],
    ['20240012.0', '20240012', false],
    ["'00120034", '00120034', false],
    ['="00120034"', '00120034', false],
    ['2.024E+07', '20240000', true],
    ['00120034', '00120034', false],
    ['20140331-2', '20140331-2', false],
  ])('[IMP2] %s becomes %s', (raw, id, doubtful) => {
    const note = new RowNote(2);
    expect(repairId(raw, 'User ID', note)).toEqual({ id, doubtful });
    expect(note.verdict).toBe(doubtful ? 'review' : 'clean');
    expect(note.repairs.length + note.reasons.length).toBe(id === raw ? 0 : 1);
  });
});

describe('a text cell', () => {
  it('[IMP2] loses line breaks and decomposed letters, and says so', () => {
    const note = new RowNote(2);
    expect(cleanText(' Pen\u0303a\nflor  Ana ', 'Surname', note)).toBe('Pe\u00f1a flor Ana');
    expect(note.repairs).toHaveLength(2);
  });

  it('[IMP2] does not keep the spreadsheet’s error value', () => {
    const note = new RowNote(2);
    expect(cleanText('#REF!', 'Price', note)).toBe('');
    expect(note.verdict).toBe('review');
  });

  it('[IMP3] takes back the apostrophe of our own exports, and no other', () => {
    expect(cleanText("'=Total", 'Title', new RowNote(2))).toBe('=Total');
    expect(cleanText("'Tis pity", 'Title', new RowNote(2))).toBe("'Tis pity");
  });
});

it.each([
  ['199', 19_900],
  ['₱2,835.00', 283_500],
  ['PHP 40.5', 4_050],
  ['1.200,50', 120_050],
  ['0', 0],
  ['free', undefined],
  ['12-50', undefined],
])('[IMP1] a price %s is %s centavos', (text, centavos) => expect(readPrice(text)).toBe(centavos));

it.each([
  ['2006', '2006'],
  ['[2016]', '[2016]'],
  ['199?', '199?'],
  ['c2002', '2002'],
  ['1998-2001', '1998-2001'],
  ['John', undefined],
  ['95-7', undefined],
  ['0017', undefined],
  ['9935', undefined],
  ['2027', '2027'],
  ['2028', undefined],
])('[IMP2] a year %s in 2026 is %s', (text, year) => expect(readYear(text, 2026)).toBe(year));

it.each([
  ['Night of the warewolFIL', 'warewolFIL'],
  ['FILly and foal', 'FILly'],
  ['FIL', undefined],
  ['A FIL book', undefined],
])('[IMP2] the damaged word of %j is %s', (text, word) => expect(damagedWord(text)).toBe(word));
