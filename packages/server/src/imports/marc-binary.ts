import { Iso2709Parser, type MarcRecord } from 'marcjs';
import { decodeMarc8 } from './marc8.ts';
import type { Breathe } from './read-table.ts';
import { RowNote } from './row-note.ts';

const RECORD_END = 0x1d;
const FIELD_END = 0x1e;
/** What some systems put between and behind records: zero, line ends, tab, blank, end of file. */
const PADDING = new Set([0x00, 0x09, 0x0a, 0x0d, 0x1a, 0x20]);
/** Records parsed before the event loop gets its turn: about 5 ms of work. */
const TURN = 200;

/** One record of a MARC file. Without `record` it is damaged; the note says how. */
export interface MarcEntry {
  readonly note: RowNote;
  readonly record: MarcRecord | undefined;
}

export interface MarcFile {
  readonly encoding: 'UTF-8' | 'MARC-8';
  readonly entries: readonly MarcEntry[];
}

/** Whether bytes look like ISO 2709: record and field terminators, which no text file holds. */
export function isMarcBinary(bytes: Buffer): boolean {
  const fieldEnd = bytes.indexOf(FIELD_END);
  return fieldEnd > 0 && (bytes.indexOf(RECORD_END) > fieldEnd || /^\d{5}/.test(bytes.toString('latin1', 0, 5)));
}

/**
 * Reads MARC 21 records one by one: a damaged one is reported with its number and the next is looked for behind its terminator.
 * Leader/09 says UTF-8 (`a`) or MARC-8 (blank); where the bytes prove it wrong, they are believed, and the record says so.
 */
export async function readMarcBinary(bytes: Buffer, breathe: Breathe): Promise<MarcFile> {
  const entries: MarcEntry[] = [];
  let marc8 = false;
  // A text tool may have put UTF-8's mark before the first leader.
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let start = mark; start < bytes.length; ) {
    while (start < bytes.length && PADDING.has(bytes[start]!)) start++;
    if (start >= bytes.length) break;
    const end = bytes.indexOf(RECORD_END, start);
    const raw = bytes.subarray(start, end < 0 ? bytes.length : end + 1);
    const note = new RowNote(entries.length + 1);
    const damage = end < 0 ? 'the file ends inside the record' : damageOf(raw);
    if (damage) {
      note.reject(`${damage}; the record cannot be read`);
      entries.push({ note, record: undefined });
    } else {
      const { record, coding } = parseRecord(raw, note);
      marc8 ||= coding === 'MARC-8';
      entries.push({ note, record });
    }
    start += raw.length;
    if (entries.length % TURN === 0) await breathe();
  }
  return { encoding: marc8 ? 'MARC-8' : 'UTF-8', entries };
}

/** What is wrong with a record's leader or directory, or undefined. A wrong total length alone does not matter: the terminator decides. */
function damageOf(raw: Buffer): string | undefined {
  const base = Number(raw.toString('latin1', 12, 17));
  if (raw.length < 26 || !/^\d{5}$/.test(raw.toString('latin1', 12, 17))) return 'its leader is broken';
  if (base > raw.length || (base - 25) % 12 !== 0 || raw[base - 1] !== FIELD_END) return 'its directory does not fit its leader';
  for (let at = 24; at < base - 1; at += 12) {
    const entry = raw.toString('latin1', at, at + 12);
    if (!/^[0-9A-Za-z]{3}\d{9}$/.test(entry)) return 'its directory is broken';
    const fieldEnd = base + Number(entry.slice(7, 12)) + Number(entry.slice(3, 7)) - 1;
    if (raw[fieldEnd] !== FIELD_END) return `its field ${entry.slice(0, 3)} does not end where the directory says`;
  }
  return undefined;
}

function parseRecord(raw: Buffer, note: RowNote): { record: MarcRecord; coding: 'UTF-8' | 'MARC-8' } {
  // marcjs decodes as UTF-8 whatever the leader says; given bytes as characters, it leaves the decoding to us.
  const record = Iso2709Parser.parse({ toString: (_encoding, start, end) => raw.toString('latin1', start, end) });
  const saysUtf8 = raw[9] === 0x61;
  const utf8 = isUtf8(raw);
  const ascii = raw.every((byte) => byte < 0x80 && byte !== 0x1b);
  if (saysUtf8 && !utf8) note.review('the leader says UTF-8, the bytes are not: read as MARC-8');
  if (!saysUtf8 && utf8 && !ascii) note.repair('the leader says MARC-8, the bytes are UTF-8: read as UTF-8');
  const coding = utf8 && (saysUtf8 || !ascii) ? 'UTF-8' : 'MARC-8';
  const decode = coding === 'UTF-8' ? (text: string) => Buffer.from(text, 'latin1').toString('utf8') : decodeMarc8;
  const fields = record.fields.map((field) => field.map((part, index) => (index === 0 ? part : decode(part))) as typeof field);
  if (fields.some((field) => field.some((part) => part.includes('\ufffd')))) note.review('holds characters of a script that is not read; they are shown as \ufffd');
  return { record: { leader: record.leader, fields }, coding };
}

function isUtf8(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false; // exactly what was asked
  }
}
