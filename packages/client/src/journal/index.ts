export type { Action, ActionOutcome, ActionRequest, ActionState } from './action.ts';
export type { ActionJournal } from './action-journal.ts';
export { JournalFullError } from './journal-store.ts';
export { openActionJournal, type ActionJournalOptions } from './open-action-journal.ts';
