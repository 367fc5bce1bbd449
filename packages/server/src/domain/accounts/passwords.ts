import { hash, verify } from '@node-rs/argon2';
import { newSecret } from './secret-token.ts';

/** Argon2id at the strength OWASP names for servers: 19 MiB, two passes (the library's own defaults for the rest). */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Compared with when there is no such user, so that the answer takes as long as a wrong password. */
let decoy: Promise<string> | undefined;

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFC'), COST);
}

/** Whether the password is the user's; for no user always false, after the same work. */
export async function passwordMatches(passwordHash: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword(newSecret());
  const matches = await verify(passwordHash ?? (await decoy), password.normalize('NFC'));
  return matches && passwordHash !== undefined;
}
