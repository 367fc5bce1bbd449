import { mapColumns, type Mapping } from './columns.ts';
import { decodeText } from './decode-text.ts';
import { EQUIPMENT_ALIASES } from './equipment-columns.ts';
import { draftEquipment, type EquipmentDraft } from './equipment-draft.ts';
import { readTable, type Breathe } from './read-table.ts';
import type { Reading } from './reading.ts';
import { RowNote, type Judged } from './row-note.ts';
import { sniffFile } from './sniff-file.ts';
import { unreadable } from './unreadable.ts';

/** Reads an inventory: Snipe-IT's asset export, or any table with a name or an asset tag. */
export async function readEquipment(bytes: Buffer, mapping: Mapping, breathe: Breathe): Promise<Reading<EquipmentDraft>> {
  if (sniffFile(bytes) !== 'text') throw unreadable('An inventory is read from a table. Export the assets as CSV and import that.');
  const { text, encoding } = decodeText(bytes);
  const table = await readTable(text, breathe);
  const mapped = mapColumns(table, EQUIPMENT_ALIASES, ['name'], mapping);
  const judged = mapped.rows.map((row): Judged<EquipmentDraft> => {
    const note = new RowNote(row.line);
    if (row.filler !== undefined) note.fill(row.filler);
    for (const doubt of row.doubts ?? []) note.review(doubt);
    return { note, draft: row.filler === undefined ? draftEquipment(row, note) : undefined };
  });
  const snipeIt = mapped.headers.has('assettag') && mapped.headers.has('category');
  return { format: snipeIt ? 'SNIPE_IT_ASSETS' : 'EQUIPMENT_TABLE', encoding, delimiter: table.delimiter, lineEnd: table.lineEnd, columns: mapped.columns, judged };
}
