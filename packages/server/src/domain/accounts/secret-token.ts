import { createHash, randomBytes, randomInt } from 'node:crypto';

/** Bearer secrets say what they are by their prefix, so that one lookup is enough and a leaked one is recognised. */
export const DEVICE_TOKEN_PREFIX = 'clmsd_';
export const API_KEY_PREFIX = 'clmsk_';

/** A new secret of 256 random bits. */
export function newSecret(prefix = ''): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** What the database keeps of a secret. A plain hash is enough: the secret has 256 random bits, nobody can guess through it. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Without letters and digits that people take for one another. */
const CODE_ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** A code to be typed by a person: `K7QM-2XAD`, 40 random bits; good for minutes and behind a limit of tries. */
export function newCode(): string {
  const letters = Array.from({ length: 8 }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join('');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

/** Hash of a code as typed: in any letter case, with or without the dash. */
export function hashCode(code: string): string {
  return hashSecret(code.toUpperCase().replaceAll(/[^A-Z0-9]/g, ''));
}
