// MARC-8, the character coding of MARC 21 records whose leader/09 is blank: ASCII and ANSEL, in which a diacritic stands before its letter.
// No library of ours knows it. The other sets that an escape sequence can call up (Greek, Cyrillic, Hebrew, Arabic, East Asian) are not
// decoded: their characters become U+FFFD and the caller is told.

/** ANSEL letters and signs from 0xA1. */
const SIGNS: Readonly<Record<number, string>> = {
  0xa1: 'Ł', 0xa2: 'Ø', 0xa3: 'Đ', 0xa4: 'Þ', 0xa5: 'Æ', 0xa6: 'Œ', 0xa7: '\u02b9', 0xa8: '\u00b7', 0xa9: '♭', 0xaa: '®', 0xab: '±', 0xac: 'Ơ', 0xad: 'Ư', 0xae: '\u02bc',
  0xb0: '\u02bb', 0xb1: 'ł', 0xb2: 'ø', 0xb3: 'đ', 0xb4: 'þ', 0xb5: 'æ', 0xb6: 'œ', 0xb7: '\u02ba', 0xb8: 'ı', 0xb9: '£', 0xba: 'ð', 0xbc: 'ơ', 0xbd: 'ư',
  0xc0: '°', 0xc1: 'ℓ', 0xc2: '℗', 0xc3: '©', 0xc4: '♯', 0xc5: '¿', 0xc6: '¡', 0xc7: 'ß', 0xc8: '€',
};
/** ANSEL diacritics from 0xE0 to 0xFE, as the combining characters that Unicode puts behind the letter. */
const MARKS: Readonly<Record<number, string>> = {
  0xe0: '\u0309', 0xe1: '\u0300', 0xe2: '\u0301', 0xe3: '\u0302', 0xe4: '\u0303', 0xe5: '\u0304', 0xe6: '\u0306', 0xe7: '\u0307', 0xe8: '\u0308', 0xe9: '\u030c', 0xea: '\u030a',
  0xeb: '\ufe20', 0xec: '\ufe21', 0xed: '\u0315', 0xee: '\u030b', 0xef: '\u0310', 0xf0: '\u0327', 0xf1: '\u0328', 0xf2: '\u0323', 0xf3: '\u0324', 0xf4: '\u0325', 0xf5: '\u0333',
  0xf6: '\u0332', 0xf7: '\u0326', 0xf8: '\u031c', 0xf9: '\u032e', 0xfa: '\ufe22', 0xfb: '\ufe23', 0xfe: '\u0313',
};
const ESCAPE = 0x1b;
/** Marks around an article that does not count in sorting. */
const NON_SORTING = new Set([0x88, 0x89]);
/** What follows an escape character: one letter, or the half it sets (low with `(` `,` `$`, high with `)` `-`) and the set's final. */
const SEQUENCE = /^(?:[gbps]|\$?[(),-]?!?[A-Za-z0-9])/;
/** Sets we know: ASCII in the low half (sub- and superscript digits too), ANSEL in the high half. */
const KNOWN = new Set(['s', 'b', 'p', '(B', ',B', '(s', ')!E', '-!E']);

/** Characters that this decoder does not know are U+FFFD in the answer. `bytes` holds one byte per character, as Latin-1 gives them. */
export function decodeMarc8(bytes: string): string {
  let text = '';
  let marks = '';
  const foreign = { low: false, high: false };
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes.charCodeAt(at);
    if (code === ESCAPE) {
      const sequence = SEQUENCE.exec(bytes.slice(at + 1, at + 6))?.[0] ?? '';
      at += sequence.length;
      foreign[/^\$?[)-]/.test(sequence) ? 'high' : 'low'] = sequence !== '' && !KNOWN.has(sequence);
      continue;
    }
    if (NON_SORTING.has(code)) continue;
    const unknown = code > 0x20 && foreign[code < 0x80 ? 'low' : 'high'];
    const mark = unknown ? undefined : MARKS[code];
    if (mark !== undefined) {
      marks += mark;
      continue;
    }
    text += unknown ? '\ufffd' : code < 0x80 ? bytes[at] : (SIGNS[code] ?? '\ufffd');
    text += marks;
    marks = '';
  }
  return text.normalize('NFC');
}
