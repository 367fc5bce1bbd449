import type { Config } from './config/config.ts';
import { withoutCredentials } from './config/without-credentials.ts';
import { openStore, type Store } from './store/open-store.ts';

/** What somebody who starts CLMS can put right: told in one line, without a stack. */
export class StartError extends Error {}

/** Runs a step of a start that depends on one setting, and blames that setting for a failure: a folder without rights, a server that is not there. */
export async function startStep<T>(variable: string, value: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new StartError(`${variable} is "${withoutCredentials(value)}", and that does not work: ${reasonOf(error)}`, { cause: error });
  }
}

/** Opens the database of this configuration. */
export function openConfiguredStore({ databaseUrl }: Pick<Config, 'databaseUrl'>): Promise<Store> {
  return startStep('CLMS_DATABASE_URL', databaseUrl, () => openStore(databaseUrl));
}

/** Connecting to a name with several addresses fails with an error per address, and without words of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(reasonOf).join('; ');
  const { message } = error as Error;
  return message.endsWith('.') ? message : `${message}.`;
}
