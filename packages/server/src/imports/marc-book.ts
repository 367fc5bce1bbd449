import type { MarcRecord } from 'marcjs';
import type { BookField } from './book-columns.ts';
import type { FieldRow } from './columns.ts';
import type { RowNote } from './row-note.ts';

/** A field of ISO 2709 holds 9,999 bytes; MARCXML could bring any length. */
const LONGEST_FIELD = 9_999;

type Values = Partial<Record<BookField, string>>;

/**
 * The copies of one MARC record: one for each holding that has a barcode (Koha's 952 $p, MARC's 852 $p and 876 $p). A record without holdings
 * becomes one copy under its control number with `MARC-` before it (a bare number could be a pupil's card), flagged, because the library must label it.
 */
export function copiesOf(record: MarcRecord, note: RowNote): FieldRow<BookField>[] {
  const work = workOf(record);
  const holdings = holdingsOf(record, note);
  if (holdings.length > 0) return holdings.map((holding) => ({ line: note.line, values: { ...work, ...holding } }));
  const control = control001(record);
  if (control === '') {
    note.reject('neither a holding with a barcode (852, 876 or 952 $p) nor a control number (001)');
    return [];
  }
  note.review(`no holding, so no barcode: catalogued as MARC-${control}, after its control number; the copy needs a label`);
  return [{ line: note.line, values: { ...work, barcode: `MARC-${control}` } }];
}

function workOf(record: MarcRecord): Values {
  const sub = (tag: string, codes: string) => subfields(record, tag, codes)[0] ?? '';
  const imprint = ['264', '260'].find((tag) => record.fields.some((field) => field[0] === tag)) ?? '260';
  return {
    title: tidy(sub('245', 'abnp')),
    author: tidy(sub('100', 'abc') || sub('110', 'ab') || sub('111', 'a') || sub('700', 'abc')),
    callNumber: sub('090', 'ab') || sub('050', 'ab') || sub('082', 'a'),
    isbn: isbnOf(record),
    edition: tidy(sub('250', 'a')),
    place: tidy(sub(imprint, 'a')).replace(/^\[|\]$/g, ''),
    publisher: tidy(sub(imprint, 'b')),
    year: tidy(sub(imprint, 'c')).replace(/^[©cp]\s?(?=\d)/, ''),
    description: tidy(sub('300', 'abc')),
    note: subfields(record, '500', 'a').join(' ').slice(0, 1000),
    price: sub('020', 'c'),
  };
}

function holdingsOf(record: MarcRecord, note: RowNote): Values[] {
  const copies: Values[] = [];
  for (const field of record.fields) {
    const sub = (code: string) => field.flatMap((part, index) => (index >= 2 && index % 2 === 0 && part === code ? [(field[index + 1] ?? '').trim()] : [])).filter(Boolean);
    const [barcode] = sub('p');
    if (!barcode || !['952', '852', '876'].includes(field[0])) continue;
    const shelfMark = field[0] === '952' ? sub('o') : [...sub('k'), ...sub('h'), ...sub('i')];
    copies.push({
      barcode,
      ...(shelfMark.length > 0 && { callNumber: shelfMark.join(' ') }),
      ...(field[0] === '952' && sub('8')[0] && { collectionCode: sub('8')[0]! }),
      ...(field[0] === '952' && sub('v')[0] && { price: sub('v')[0]! }),
    });
  }
  if (copies.length > 500) note.review('more than 500 copies in one record; the first 500 are read');
  return copies.slice(0, 500);
}

function control001(record: MarcRecord): string {
  return (record.fields.find((field) => field[0] === '001')?.[1] ?? '').trim();
}

/** First ISBN whose subfield is filled; a qualifier behind it is cut off. */
function isbnOf(record: MarcRecord): string {
  const found = subfields(record, '020', 'a').find((text) => text !== '');
  return found?.split(/[\s(:]/)[0] ?? '';
}

/** Per field of this tag, the wanted subfields joined by a blank, in the order of the record. */
function subfields(record: MarcRecord, tag: string, codes: string): string[] {
  return record.fields
    .filter((field) => field[0] === tag)
    .map((field) => field.filter((_, index) => index >= 3 && index % 2 === 1 && codes.includes(field[index - 1]!)).map((text) => text.trim()).join(' ').trim().slice(0, LONGEST_FIELD));
}

const AREA_MARKS = new Set(' \t\n/:;,=');

/** Without the punctuation that cataloguing rules put between areas. A dot stays behind an initial. */
function tidy(text: string): string {
  let end = text.length;
  while (end > 0 && AREA_MARKS.has(text[end - 1]!)) end--;
  const cut = text.slice(0, end);
  return /(?:^|[\s.])\p{Lu}\.$/u.test(cut) || /\b(?:Jr|Sr|ed|Inc|Co|Ltd)\.$/.test(cut) ? cut : cut.replace(/\.$/, '');
}
