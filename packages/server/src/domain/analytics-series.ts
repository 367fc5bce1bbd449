import { GRADE_CATEGORIES } from '@clms/protocol';
import { daysOf, weekOf, type Period } from './analytics-period.ts';

export type Grouping = 'hour' | 'day' | 'week' | 'gradeCategory' | 'location' | 'type' | 'item' | 'collection';

/** One bar or point of a chart. `value` is what the chart shows; further figures stand beside it. */
export interface Point {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  readonly [figure: string]: string | number;
}

/** Under this key stand rows whose grade, collection and so on is not known. */
export const UNKNOWN = 'UNKNOWN';

/**
 * Adds figures up by key and lays them out for a chart: hours, days and weeks of the period and the five grade categories are all there, with
 * zeros where nothing happened; other groups come as they are, `known` ones first, the rest by size.
 */
export function layOut(
  grouping: Grouping,
  period: Period,
  rows: readonly { readonly key: string; readonly figures: Readonly<Record<string, number>> }[],
  figures: readonly string[],
  known: ReadonlyMap<string, string> = new Map(),
): Point[] {
  const sums = new Map<string, Record<string, number>>();
  const frame = frameOf(grouping, period, known);
  for (const [key] of frame) sums.set(key, Object.fromEntries(figures.map((figure) => [figure, 0])));
  for (const row of rows) {
    const key = grouping === 'week' ? weekOf(row.key) : row.key;
    let sum = sums.get(key);
    if (!sum) sums.set(key, (sum = Object.fromEntries(figures.map((figure) => [figure, 0]))));
    for (const figure of figures) sum[figure]! += row.figures[figure] ?? 0;
  }
  const [main = 'value'] = figures;
  const extra = [...sums.keys()].filter((key) => !frame.has(key)).toSorted((a, b) => sums.get(b)![main]! - sums.get(a)![main]! || (a < b ? -1 : 1));
  return [...frame.keys(), ...extra].map((key) => {
    const sum = sums.get(key)!;
    return Object.assign({ key, label: frame.get(key) ?? (key === UNKNOWN ? 'Not known' : key), value: sum[main] ?? 0 }, sum);
  });
}

/** Keys that are shown even when nothing happened, with their labels. */
function frameOf(grouping: Grouping, period: Period, known: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  switch (grouping) {
    case 'hour': return new Map(Array.from({ length: 24 }, (_, hour) => [String(hour).padStart(2, '0'), `${String(hour).padStart(2, '0')}:00`]));
    case 'day': return new Map(daysOf(period).map((day) => [day, day]));
    case 'week': return new Map(daysOf(period).map((day) => [weekOf(day), `Week of ${weekOf(day)}`]));
    case 'gradeCategory': return new Map(GRADE_CATEGORIES.map((category) => [category, LABELS[category]]));
    default: return known;
  }
}

const LABELS: Readonly<Record<(typeof GRADE_CATEGORIES)[number], string>> = {
  PRIMARY: 'Primary', GRADE_SCHOOL: 'Grade school', JUNIOR_HIGH: 'Junior high', SENIOR_HIGH: 'Senior high', PERSONNEL: 'Personnel',
};
