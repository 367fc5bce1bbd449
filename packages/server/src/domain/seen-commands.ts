import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { Db } from '../store/open-store.ts';
import { Refusal } from './refusal.ts';

// Answers by Idempotency-Key, kept 24 h. Some hold a secret (an API key, a pairing code), many a pupil's name: they are sealed with a key that is
// made of the Idempotency-Key itself, of which only a hash is stored. Whoever sent the command can have its answer again; whoever reads the
// database, or a backup of it, cannot, and erasing a person needs to look for nothing here.

export interface SeenCommand {
  readonly account: string;
  /** The Idempotency-Key as the caller sent it. */
  readonly key: string;
  /** SHA-256 of everything that makes two requests the same. */
  readonly bodyHash: string;
}

export interface SeenAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** The answer this command got before, if any. Refuses (422) a key that was used for another request. */
export async function seenAnswer(db: Db, command: SeenCommand): Promise<SeenAnswer | undefined> {
  const seen = await db.selectFrom('seenCommands').selectAll().where('account', '=', command.account).where('key', '=', nameOf(command)).executeTakeFirst();
  if (!seen) return undefined;
  if (seen.bodyHash !== command.bodyHash) throw new Refusal(422, 'IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request. Use a new key for a new request.');
  return { status: seen.status, body: unseal(command, seen.answer) };
}

/** Keeps an answer. A unique violation says that the same command was answered elsewhere in the meantime. */
export async function rememberAnswer(db: Db, command: SeenCommand, { status, body }: SeenAnswer, at: string): Promise<void> {
  const { account, bodyHash } = command;
  await db.insertInto('seenCommands').values({ account, key: nameOf(command), bodyHash, status, answer: seal(command, body ?? null), createdAt: at }).execute();
}

/** What stands in the table in place of the key. */
function nameOf({ account, key }: SeenCommand): string {
  return createHash('sha256').update(`${account}\n${key}`).digest('hex');
}

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

function secretOf({ account, key }: SeenCommand): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, account, 'stored answer', 32));
}

function seal(command: SeenCommand, body: unknown): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, secretOf(command), iv);
  const text = Buffer.concat([cipher.update(JSON.stringify(body), 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64');
}

function unseal(command: SeenCommand, sealed: string): unknown {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv(CIPHER, secretOf(command), bytes.subarray(0, IV_BYTES));
  decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8'));
}
