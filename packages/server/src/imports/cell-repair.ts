import type { RowNote } from './row-note.ts';

/** Text as the catalogue keeps it: composed letters, single blanks, no line breaks, nothing at the ends. Says what it changed beyond blanks. */
export function cleanText(raw: string | undefined, column: string, note: RowNote): string {
  if (raw === undefined) return '';
  const composed = raw.normalize('NFC');
  if (composed !== raw) note.repair(`${column}: decomposed letters were composed (NFC)`);
  // Zero and its like are no letters of any name, and Postgres keeps no text with a zero in it.
  const printable = composed.replace(/(?![\t\r\n])\p{Cc}/gu, '');
  if (printable !== composed) note.repair(`${column}: control characters were taken out`);
  const flat = printable.replace(/[\r\n]+/g, ' ');
  if (flat !== printable) note.repair(`${column}: a line break was replaced by a blank`);
  const clean = flat.replace(/[\s\u00a0]+/g, ' ').trim();
  // An export of ours puts an apostrophe before what a spreadsheet would take for a formula.
  const armed = clean.replace(/^'(?=[=+\-@])/, '');
  if (/^#(REF|N\/A|VALUE|NAME|DIV\/0|NULL|NUM)[!?]?$/i.test(clean)) {
    note.review(`${column}: the spreadsheet's error ${clean} stands in the cell; left empty`);
    return '';
  }
  return armed;
}

const SCIENTIFIC = /^(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})$/;
/** Far beyond any id, and short enough that nothing that is done with it takes long; callers refuse what is longer than an id. */
const LONGEST_ID_CELL = 200;
/** Longest number a barcode holds; an exponent beyond is no identifier. */
const LONGEST_ID = 30;

export interface RepairedId {
  readonly id: string;
  /** True when the spreadsheet has thrown digits away, so that zeros stand for them. */
  readonly doubtful: boolean;
}

/** An identifier that a spreadsheet may have taken for a number: `2.0240012E+07`, `20240012.0`, `'0012`, `="0012"`. Leading zeros are kept. */
export function repairId(raw: string | undefined, column: string, note: RowNote): RepairedId {
  const text = cleanText(raw, column, note).slice(0, LONGEST_ID_CELL);
  const scientific = SCIENTIFIC.exec(text);
  if (scientific) {
    const [, first = '', decimals = '', exponentText = ''] = scientific;
    const exponent = Number(exponentText);
    if (exponent > LONGEST_ID) return { id: text, doubtful: true };
    const digits = first + decimals;
    const id = digits.length > exponent + 1 ? text : digits.padEnd(exponent + 1, '0');
    const doubtful = digits.length < exponent + 1;
    if (doubtful) note.review(`${column}: ${text} has lost digits in a spreadsheet; ${id} is a guess`);
    else if (id !== text) note.repair(`${column}: ${text} was written out as ${id}`);
    return { id, doubtful };
  }
  const quoted = /^=?"([^"]*)"$/.exec(text) ?? /^'(.+)$/.exec(text);
  const bare = quoted ? quoted[1]!.trim() : text;
  const whole = /^(\d+)\.0+$/.exec(bare);
  const id = whole ? whole[1]! : bare;
  if (id !== text) note.repair(`${column}: ${text} became ${id}`);
  return { id, doubtful: false };
}
