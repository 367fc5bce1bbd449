import { describe, expect, it } from 'vitest';
import { isIsbn, readIsbn } from '../../src/imports/isbn.ts';

describe('an ISBN', () => {
  it.each([
    ['0306406152', { kind: 'valid', isbn: '0306406152' }],
    ['9780306406157', { kind: 'valid', isbn: '9780306406157' }],
    ['080442957X', { kind: 'valid', isbn: '080442957X' }],
    ['', { kind: 'none' }],
    ['  ', { kind: 'none' }],
  ])('[IMP2] %j is %j', (text, expected) => expect(readIsbn(text)).toEqual(expected));

  it.each([
    ['306406152', '0306406152'], // one zero lost
    ['30640615', undefined], // eight digits whose check digit proves nothing
    ['978-0-306-40615-7', '9780306406157'],
    ['0-8044-2957-x', '080442957X'],
    ['0306406152 (pbk.)', '0306406152'],
    ['ISBN: 0306406152', '0306406152'],
  ])('[IMP2] %s is repaired to %s', (text, isbn) => {
    const read = readIsbn(text);
    expect(read.kind === 'repaired' ? read.isbn : undefined).toBe(isbn);
  });

  it('[IMP2] gets back as many zeros as the check digit proves', () => {
    // 0001234567 with check digit: 0·10+0·9+0·8+1·7+2·6+3·5+4·4+5·3+6·2 = 77 = 7·11, so the check digit is 0.
    expect(isIsbn('0001234560')).toBe(true);
    expect(readIsbn('1234560')).toMatchObject({ kind: 'repaired', isbn: '0001234560', how: expect.stringContaining('3 lost leading zeros') });
  });

  it('[IMP2] stays as it is when no check digit agrees', () => {
    expect(readIsbn('9780306406158')).toEqual({ kind: 'doubtful', isbn: '9780306406158' });
    expect(readIsbn('GS00009 GS00009')).toEqual({ kind: 'doubtful', isbn: 'GS00009 GS00009' });
  });
});
