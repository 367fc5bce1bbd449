import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the generated secret of access tokens lives in the data folder. */
const JWT_SECRET_FILE = 'jwt-secret';

/**
 * The secret of access tokens: the configured one, or that of the data folder, made at the first start and readable by its owner alone.
 * Two processes that start together agree on one.
 */
export function tokenSecret(config: { jwtSecret: string | undefined; dataDir: string }): Uint8Array {
  if (config.jwtSecret !== undefined) return new TextEncoder().encode(config.jwtSecret);
  const path = join(config.dataDir, JWT_SECRET_FILE);
  return new TextEncoder().encode(readIfThere(path) ?? create(config.dataDir, path));
}

/** The secret as it is, without making one: for commands beside a running server. */
export function existingTokenSecret(config: { jwtSecret: string | undefined; dataDir: string }): Uint8Array | undefined {
  const text = config.jwtSecret ?? readIfThere(join(config.dataDir, JWT_SECRET_FILE));
  return text === undefined ? undefined : new TextEncoder().encode(text);
}

function create(dataDir: string, path: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  // Written aside and then linked: the name appears with its content, and only for the first of two.
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  writeFileSync(draft, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return readFileSync(path, 'utf8');
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
