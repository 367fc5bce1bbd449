import type { Series } from '@clms/protocol';

export const SERIES_WORDS: Readonly<Record<Series, string>> = { visits: 'Visits', equipment: 'Equipment', circulation: 'Circulation' };

const SHARED = [
  { value: 'day', label: 'Day' },
  { value: 'hour', label: 'Hour of the day' },
  { value: 'week', label: 'Week' },
  { value: 'gradeCategory', label: 'Grades' },
  { value: 'location', label: 'Location' },
] as const;

export const GROUPINGS: Readonly<Record<Series, readonly { readonly value: string; readonly label: string }[]>> = {
  visits: SHARED,
  equipment: [...SHARED, { value: 'type', label: 'Type' }, { value: 'item', label: 'Station' }],
  circulation: [...SHARED, { value: 'collection', label: 'Collection' }],
};

/** "averageMinutes" → "Average minutes" */
export function figureWords(name: string): string {
  const words = name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** At most one decimal. */
export const figureText = (value: string | number): string => (typeof value === 'number' ? String(Math.round(value * 10) / 10) : value);
