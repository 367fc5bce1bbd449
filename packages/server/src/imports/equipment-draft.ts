import { cleanText, repairId } from './cell-repair.ts';
import type { FieldRow } from './columns.ts';
import type { EquipmentField } from './equipment-columns.ts';
import type { RowNote } from './row-note.ts';

/** An item as an import would write it. Absent = the file says nothing, so what the list has stays. */
export interface EquipmentDraft {
  readonly barcode?: string;
  readonly name: string;
  readonly type?: string;
  readonly location?: string;
  readonly seats?: number;
  readonly maxMinutes?: number;
  readonly notes?: string;
}

/** Words of an inventory's categories and models that tell our types; the first that fits counts. */
const TYPES: readonly (readonly [RegExp, string])[] = [
  [/\b(?:game|gaming|consoles?|playstation|ps[345]|xbox|nintendo|switch|wii)\b/i, 'GAMING_CONSOLE'],
  [/\b(?:rooms?|booths?|cubicles?)\b/i, 'STUDY_ROOM'],
  [/\b(?:computers?|desktops?|laptops?|notebooks?|pcs?|workstations?|chromebooks?|macbooks?|imacs?|tablets?|ipads?)\b/i, 'COMPUTER'],
];

/** Our type for a category of an inventory: a known one by its words, else the category itself as a type of the venue. */
function equipmentType(category: string): string {
  const known = TYPES.find(([words]) => words.test(category));
  if (known) return known[1];
  return category.normalize('NFKD').toUpperCase().replace(/[^A-Z0-9]+/g, '_').replace(/^_+|_+$/g, '').slice(0, 40);
}

/** Repairs one record of an inventory. Undefined = it cannot be written; the note says why. */
export function draftEquipment(row: FieldRow<EquipmentField>, note: RowNote): EquipmentDraft | undefined {
  const { values } = row;
  const barcode = repairId(values.barcode, 'Asset Tag', note).id;
  if (barcode.length > 64) return void note.reject('the asset tag is longer than 64 characters');
  const model = cleanText(values.model, 'Model', note);
  note.subject = barcode;
  const name = (cleanText(values.name, 'Name', note) || model || barcode).slice(0, 80);
  if (name === '') return void note.reject('neither a name nor an asset tag');
  const category = cleanText(values.type, 'Category', note);
  const type = equipmentType(category || model);
  if (type === '') note.review('no category: taken for a COMPUTER if it is new');
  const location = cleanText(values.location, 'Location', note).slice(0, 80);
  const notes = cleanText(values.notes, 'Notes', note).slice(0, 1000);
  const seats = count(values.seats, 'Seats', 500, note);
  const maxMinutes = count(values.maxMinutes, 'Max Minutes', 1440, note);
  return {
    name,
    ...(barcode !== '' && { barcode }),
    ...(type !== '' && { type }),
    ...(location !== '' && { location }),
    ...(notes !== '' && { notes }),
    ...(seats !== undefined && { seats }),
    ...(maxMinutes !== undefined && { maxMinutes }),
  };
}

function count(raw: string | undefined, column: string, most: number, note: RowNote): number | undefined {
  const text = cleanText(raw, column, note);
  if (text === '') return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  note.review(`${column}: "${text}" is not a number from 1 to ${most}; left out`);
  return undefined;
}
