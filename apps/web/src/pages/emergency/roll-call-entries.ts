import type { EmergencyAlert } from '@clms/protocol';

export type RollCallEntry = NonNullable<EmergencyAlert['rollCall']>[number];
export type ShownEntries = 'all' | RollCallEntry['state'];

const plain = (text: string): string => text.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase();

/** Who matches, by place and then by name. A search looks at every state: somebody named aloud must be found. */
export function entriesByLocation(entries: readonly RollCallEntry[], text: string, shown: ShownEntries): readonly (readonly [string, readonly RollCallEntry[]])[] {
  const words = plain(text).split(/\s+/).filter(Boolean);
  const matches = entries.filter(({ name, section, state }) => (words.length > 0 ? words.every((word) => plain(`${name} ${section ?? ''}`).includes(word)) : shown === 'all' || state === shown));
  const places = Map.groupBy(matches.toSorted((a, b) => a.name.localeCompare(b.name)), ({ location }) => location);
  return [...places].toSorted(([a], [b]) => a.localeCompare(b));
}
