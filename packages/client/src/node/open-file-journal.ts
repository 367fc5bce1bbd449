import type { Environment } from '../environment.ts';
import { hostEnvironment } from '../host-environment.ts';
import type { ActionJournal } from '../journal/action-journal.ts';
import { startActionJournal } from '../journal/open-action-journal.ts';
import { TokenKeeper, type GetToken } from '../token-keeper.ts';
import { FileJournalStore } from './file-journal-store.ts';

export interface FileJournalOptions {
  readonly getToken: GetToken;
  /** Origin of the HTTP API. */
  readonly httpUrl: string;
  /** Path of the journal's file. It is made if need be, in a folder that is there; `<file>.lock` beside it says which program has it. */
  readonly file: string;
  readonly environment?: Environment;
}

/**
 * Opens a journal in a file and begins to send what an earlier run left in it. Throws `JournalInUseError` while another program has the
 * file open, and `JournalDamagedError` if it holds what no crash leaves behind.
 */
export async function openFileJournal({ getToken, httpUrl, file, environment }: FileJournalOptions): Promise<ActionJournal> {
  const env = environment ?? hostEnvironment();
  const store = await FileJournalStore.open(file, env.now());
  return startActionJournal({ env, store, tokens: new TokenKeeper(getToken), baseUrl: httpUrl, name: file });
}
