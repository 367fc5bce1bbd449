import type { MarcField, MarcRecord } from 'marcjs';
import { SaxesParser } from 'saxes';
import type { MarcEntry } from './marc-binary.ts';
import type { Breathe } from './read-table.ts';
import { RowNote } from './row-note.ts';
import { unreadable } from './unreadable.ts';

/** Characters parsed before the event loop gets its turn: about 3 ms of work. */
const CHUNK = 128 * 1024;

/** A MARCXML document is four elements deep; in an envelope of some protocol a few more. */
const MAX_DEPTH = 40;

/** Reads the records of a MARCXML document, with or without a namespace prefix, one record or a collection of them. */
export async function readMarcXml(text: string, breathe: Breathe): Promise<MarcEntry[]> {
  const entries: MarcEntry[] = [];
  const parser = new SaxesParser();
  let record: MarcRecord | undefined;
  let field: MarcField | undefined;
  let collected: string | undefined;
  let depth = 0;

  // Thrown at once: what stands behind an error would be guessed at, and nesting without end costs more with every level.
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    if (++depth > MAX_DEPTH) throw new Error(`elements stand more than ${MAX_DEPTH} deep in each other`);
    const attribute = (name: string) => tag.attributes[name] ?? '';
    switch (localName(tag.name)) {
      case 'record': record = { leader: '', fields: [] }; break;
      case 'leader': collected = ''; break;
      case 'controlfield': field = [attribute('tag')]; collected = ''; break;
      case 'datafield': field = [attribute('tag'), (attribute('ind1') || ' ') + (attribute('ind2') || ' ')]; break;
      case 'subfield': field?.push(attribute('code')); collected = ''; break;
    }
  });
  parser.on('text', (piece) => {
    if (collected !== undefined) collected += piece;
  });
  parser.on('cdata', (piece) => {
    if (collected !== undefined) collected += piece;
  });
  parser.on('closetag', (tag) => {
    depth--;
    switch (localName(tag.name)) {
      case 'record':
        if (record) entries.push({ note: new RowNote(entries.length + 1), record });
        record = undefined;
        break;
      case 'leader':
        if (record) record.leader = collected ?? '';
        collected = undefined;
        break;
      case 'subfield':
        field?.push(collected ?? '');
        collected = undefined;
        break;
      case 'controlfield':
        field?.push(collected ?? '');
        collected = undefined;
        if (field) record?.fields.push(field);
        field = undefined;
        break;
      case 'datafield':
        if (field) record?.fields.push(field);
        field = undefined;
        break;
    }
  });

  try {
    for (let at = 0; at < text.length; at += CHUNK) {
      parser.write(text.slice(at, at + CHUNK));
      await breathe();
    }
    parser.close();
  } catch (error) {
    throw unreadable(`The XML breaks off: ${(error as Error).message}. ${entries.length} whole records stand before it.`, { records: entries.length });
  }
  if (entries.length === 0) throw unreadable('The XML holds no MARC record.');
  return entries;
}

/** Without the prefix: exports name the MARC namespace `marc:`, `slim:` or not at all. */
const localName = (name: string): string => name.slice(name.indexOf(':') + 1);
