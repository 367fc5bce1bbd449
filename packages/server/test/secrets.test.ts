import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { existingTokenSecret, tokenSecret } from '../src/secrets.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'clms-secrets-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('the secret of access tokens', () => {
  it('is made once, for its owner alone, and long enough [AUTH5]', () => {
    const config = { jwtSecret: undefined, dataDir: join(folder, 'new') };
    expect(existingTokenSecret(config)).toBeUndefined();
    const secret = tokenSecret(config);
    expect(secret.byteLength).toBeGreaterThanOrEqual(32);
    expect(tokenSecret(config)).toEqual(secret);
    expect(existingTokenSecret(config)).toEqual(secret);
    const file = join(config.dataDir, 'jwt-secret');
    expect(readFileSync(file, 'utf8')).toBe(new TextDecoder().decode(secret));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(config.dataDir).mode & 0o777).toBe(0o700);
    expect(readdirSync(config.dataDir)).toEqual(['jwt-secret']);
  });

  it('is the configured one where there is one, and nothing is written', () => {
    expect(new TextDecoder().decode(tokenSecret({ jwtSecret: 'x'.repeat(32), dataDir: folder }))).toBe('x'.repeat(32));
    expect(readdirSync(folder)).toEqual([]);
  });
});
