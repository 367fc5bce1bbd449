import { useSyncExternalStore } from 'react';
import type { Action } from '../journal/action.ts';
import type { ActionJournal } from '../journal/action-journal.ts';

/** The commands that are kept, and the last ones that ended, oldest first. */
export function useActionJournal(journal: ActionJournal): readonly Action[] {
  return useSyncExternalStore(journal.subscribe, journal.getSnapshot, journal.getSnapshot);
}
