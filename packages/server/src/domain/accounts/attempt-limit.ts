import { MINUTE_MS, toInstant, toMs } from '../instant.ts';
import { Refusal } from '../refusal.ts';
import type { Db } from '../../store/open-store.ts';
import { hashSecret } from './secret-token.ts';

const MOST_WRONG_TRIES = 5;
const ATTEMPT_WINDOW_MS = 15 * MINUTE_MS;

/** Names what is guessed at and from where: `attemptKey('login', username, address)`. */
export function attemptKey(...parts: string[]): string {
  return hashSecret(parts.join('\n'));
}

/** Refuses with 429 while five wrong tries lie within the last fifteen minutes. */
export async function refuseTooManyTries(db: Db, account: string, now: number): Promise<void> {
  const tries = await db
    .selectFrom('loginAttempts')
    .select('at')
    .where('account', '=', account)
    .where('at', '>', toInstant(now - ATTEMPT_WINDOW_MS))
    .orderBy('at', 'desc')
    .limit(MOST_WRONG_TRIES)
    .execute();
  if (tries.length < MOST_WRONG_TRIES) return;
  const freeAt = toMs(tries.at(-1)!.at) + ATTEMPT_WINDOW_MS;
  const retryAfter = Math.max(1, Math.ceil((freeAt - now) / 1000));
  throw new Refusal(429, 'TOO_MANY_TRIES', `Too many wrong tries. Try again in ${Math.ceil(retryAfter / 60)} min.`, { retryAfter, details: { retryAfterSeconds: retryAfter } });
}

/** Remembers a wrong try; what lies before the window goes, so the table holds a quarter of an hour at most. */
export async function recordWrongTry(db: Db, account: string, now: number): Promise<void> {
  await db.deleteFrom('loginAttempts').where('at', '<=', toInstant(now - ATTEMPT_WINDOW_MS)).execute();
  await db.insertInto('loginAttempts').values({ account, at: toInstant(now) }).execute();
}

/** The right password came: earlier slips are forgiven. */
export async function forgetWrongTries(db: Db, account: string): Promise<void> {
  await db.deleteFrom('loginAttempts').where('account', '=', account).execute();
}
