export { JournalInUseError } from './file-lock.ts';
export { JournalDamagedError } from './journal-log.ts';
export { openFileJournal, type FileJournalOptions } from './open-file-journal.ts';
