import type { Environment } from '../environment.ts';
import { hostEnvironment } from '../host-environment.ts';
import { TokenKeeper, type GetToken } from '../token-keeper.ts';
import { ActionJournal, type ActionJournalParts } from './action-journal.ts';
import { IndexedDbJournalStore } from './indexed-db-journal-store.ts';
import type { JournalStore } from './journal-store.ts';
import { MemoryJournalStore } from './memory-journal-store.ts';

export interface ActionJournalOptions {
  readonly getToken: GetToken;
  /** Origin of the HTTP API; default the page's own. */
  readonly httpUrl?: string;
  /** Tabs with the same name share one journal; default `clms-journal`. Give each account of a shared device its own. */
  readonly name?: string;
  readonly environment?: Environment;
}

/** Opens the journal of this device and begins to send: in IndexedDB, or in memory where there is none (`durable` tells). */
export async function openActionJournal(options: ActionJournalOptions): Promise<ActionJournal> {
  const env = options.environment ?? hostEnvironment();
  const name = options.name ?? 'clms-journal';
  const baseUrl = options.httpUrl ?? (globalThis.location as Location | undefined)?.origin;
  if (baseUrl === undefined) throw new Error('httpUrl is needed outside a page');
  return startActionJournal({ env, store: await openStore(env, name), tokens: new TokenKeeper(options.getToken), baseUrl, name });
}

/** A journal over a store that is open, sending what was left in it. */
export async function startActionJournal(parts: ActionJournalParts): Promise<ActionJournal> {
  const journal = new ActionJournal(parts);
  await journal.start();
  return journal;
}

async function openStore(env: Environment, name: string): Promise<JournalStore> {
  if (!env.indexedDB) return new MemoryJournalStore();
  try {
    return await IndexedDbJournalStore.open(env.indexedDB, name);
  } catch (error) {
    env.log('error', 'This browser does not let the journal be stored; it lasts as long as the page', error);
    return new MemoryJournalStore();
  }
}
