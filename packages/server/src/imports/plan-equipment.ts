import type { Selectable } from 'kysely';
import { barcodeKey, searchKey } from '../domain/normalise.ts';
import type { Tables } from '../store/tables.ts';
import type { EquipmentDraft } from './equipment-draft.ts';
import { countRows, toRow, type ImportCounts, type ImportRow } from './import-result.ts';
import type { Judged, RowNote } from './row-note.ts';

type EquipmentRow = Selectable<Tables['equipment']>;
interface Fields {
  readonly name: string;
  readonly type: string;
  readonly location: string;
  readonly barcode: string | null;
  readonly seats: number;
  readonly maxMinutes: number | null;
  readonly notes: string | null;
}

/** One item to add (no id) or to change. */
interface EquipmentChange {
  readonly id: string | undefined;
  readonly fields: Fields;
}

export interface EquipmentPlan {
  readonly rows: readonly ImportRow[];
  readonly counts: ImportCounts;
  readonly changes: readonly EquipmentChange[];
}

/**
 * Compares an inventory with the library's equipment: items are matched by asset tag, those without one by name. A name that another item
 * has gets the asset tag behind it, because the desk calls items by their names. `locations` are the venue's. Pure.
 */
export function planEquipment(existing: readonly EquipmentRow[], judged: readonly Judged<EquipmentDraft>[], locations: readonly string[]): EquipmentPlan {
  const byBarcode = new Map(existing.flatMap((item) => (item.barcodeKey === null ? [] : [[item.barcodeKey, item] as const])));
  const byName = new Map(existing.map((item) => [item.nameKey, item]));
  const nameOwner = new Map<string, string>(existing.map((item) => [item.nameKey, item.id]));
  const lineOf = new Map<string, number>();
  const changes: EquipmentChange[] = [];
  const rows: ImportRow[] = [];
  for (const { note: original, draft } of judged) {
    const note = original.copy();
    const key = draft && unusedKey(draft, note);
    if (!draft || key === undefined) {
      rows.push(toRow(note, 'unchanged'));
      continue;
    }
    const before = draft.barcode === undefined ? byName.get(searchKey(draft.name)) : byBarcode.get(barcodeKey(draft.barcode));
    const fields = merge(before, draft, nameFor(before, draft, key, note), note);
    if (before && sameFields(before, fields)) {
      rows.push(toRow(note, 'unchanged'));
      continue;
    }
    changes.push({ id: before?.id, fields });
    rows.push(toRow(note, before ? 'update' : 'create'));
  }
  return { rows, counts: countRows(rows, 0), changes };

  function unusedKey(draft: EquipmentDraft, note: RowNote): string | undefined {
    const [key, what] = draft.barcode === undefined ? [`name ${searchKey(draft.name)}`, `the name ${draft.name}`] : [`tag ${barcodeKey(draft.barcode)}`, `the asset tag ${draft.barcode}`];
    const line = lineOf.get(key);
    if (line !== undefined) return void note.reject(`${what} is already on line ${line}`);
    lineOf.set(key, note.line);
    return key;
  }

  function nameFor(before: EquipmentRow | undefined, draft: EquipmentDraft, key: string, note: RowNote): string {
    const owner = nameOwner.get(searchKey(draft.name));
    const taken = owner !== undefined && owner !== (before?.id ?? key);
    const name = taken && draft.barcode !== undefined ? `${draft.name.slice(0, 80 - draft.barcode.length - 3)} (${draft.barcode})` : draft.name;
    if (name !== draft.name && before?.name !== name) note.repair(`Name: another item is called ${draft.name}; this one becomes ${name}`);
    nameOwner.set(searchKey(name), before?.id ?? key);
    return name;
  }

  function merge(before: EquipmentRow | undefined, draft: EquipmentDraft, name: string, note: RowNote): Fields {
    const location = draft.location ?? before?.location ?? locations[0] ?? 'Library';
    if (draft.location === undefined && !before) note.review(`no location: put in ${location}`);
    return {
      name,
      type: draft.type ?? before?.type ?? 'COMPUTER',
      location: locations.find((known) => searchKey(known) === searchKey(location)) ?? location,
      barcode: draft.barcode ?? before?.barcode ?? null,
      seats: draft.seats ?? before?.seats ?? 1,
      maxMinutes: draft.maxMinutes ?? before?.maxMinutes ?? null,
      notes: draft.notes ?? before?.notes ?? null,
    };
  }
}

const COMPARED = ['name', 'type', 'location', 'barcode', 'seats', 'maxMinutes', 'notes'] as const;

function sameFields(before: EquipmentRow, after: Fields): boolean {
  return COMPARED.every((column) => before[column] === after[column]);
}
