import type { Aliases } from './columns.ts';

export type EquipmentField =
  | 'barcode' | 'name' | 'type' | 'model' | 'location' | 'seats' | 'maxMinutes' | 'notes';

/** Names of the columns in Snipe-IT's asset export and in lists people make themselves. */
export const EQUIPMENT_ALIASES: Aliases<EquipmentField> = {
  barcode: ['Asset Tag', 'Barcode', 'Tag', 'Inventory Number', 'Serial', 'Serial Number'],
  name: ['Name', 'Asset Name', 'Item Name', 'Equipment', 'Station'],
  type: ['Category', 'Type', 'Equipment Type'],
  model: ['Model', 'Model Name'],
  location: ['Location', 'Room', 'Default Location'],
  seats: ['Seats', 'Capacity'],
  maxMinutes: ['Max Minutes', 'Minutes', 'Time Limit'],
  notes: ['Asset Notes', 'Notes', 'Remarks'],
};
