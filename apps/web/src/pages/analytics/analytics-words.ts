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

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const dateWords = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short' });

/** A date as a date, "Thu 29 Oct", in no zone; other labels as they are. */
export const pointWords = (label: string): string => (DATE.test(label) ? dateWords.format(Date.parse(`${label}T00:00:00Z`)).replace(',', '') : label);
