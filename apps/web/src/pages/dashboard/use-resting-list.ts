import { useState } from 'react';

/**
 * A list that does not move under the pointer: while `resting`, it stays as it was and counts what came in meanwhile. Rows that change are
 * shown changed all the same.
 */
export function useRestingList<T extends { readonly id: string }>(list: readonly T[], resting: boolean): { readonly shown: readonly T[]; readonly held: number } {
  const [topId, setTopId] = useState<string | undefined>(list[0]?.id);
  const newest = list[0]?.id;
  if (!resting && topId !== newest) setTopId(newest);
  const from = resting ? list.findIndex(({ id }) => id === topId) : 0;
  // What the list rested on has been forgotten by now: then it starts over.
  return from < 0 ? { shown: list, held: 0 } : { shown: list.slice(from), held: from };
}
