import type { MarcField, MarcRecord } from 'marcjs';
import { SaxesParser } from 'saxes';
import type { MarcEntry } from './marc-binary.ts';
import type { Breathe } from './read-table.ts';
import { RowNote } from './row-note.ts';
import { unreadable } from './unreadable.ts';

/** Characters parsed before the event loop gets its turn: about 3 ms of work. */
const CHUNK = 128 * 1024;

/** Reads the records of a MARCXML document, with or without a namespace prefix, one record or a collection of them. */
export async function readMarcXml(text: string, breathe: Breathe): Promise<MarcEntry[]> {
  const entries: MarcEntry[] = [];
  const parser = new SaxesParser({ xmlns: true });
  let record: MarcRecord | undefined;
  let field: MarcField | undefined;
  let collected: string | undefined;
  const failures: Error[] = [];

  parser.on('error', (error) => void failures.push(error));
  parser.on('opentag', (tag) => {
    const attribute = (name: string) => tag.attributes[name]?.value ?? '';
    switch (tag.local) {
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
    switch (tag.local) {
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

  for (let at = 0; at < text.length && failures.length === 0; at += CHUNK) {
    parser.write(text.slice(at, at + CHUNK));
    await breathe();
  }
  if (failures.length === 0) parser.close();
  const [failure] = failures;
  if (failure) throw unreadable(`The XML breaks off: ${failure.message}. ${entries.length} whole records stand before it.`, { records: entries.length });
  if (entries.length === 0) throw unreadable('The XML holds no MARC record.');
  return entries;
}
