import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import type { Clock } from './clock.ts';
import type { Identity } from './identity.ts';

/** Shortest secret for HS256: shorter ones can be guessed offline from one token [AUTH5]. */
export const SHORTEST_SECRET_BYTES = 32;
/** Clocks of issuer and server may differ by this much for `nbf` and `iat`; an expired token is expired. */
const SKEW_SECONDS = 30;
/** Tokens whose signature need not be computed again; the oldest goes when another comes. Times are judged at every use. */
const REMEMBERED_TOKENS = 1000;

export interface JwtOptions {
  /** For HS256 tokens. At least one of `secret` and `jwksUrl`. */
  readonly secret?: Uint8Array;
  /** Public keys for RS256, ES256 and EdDSA tokens, found by `kid`. */
  readonly jwksUrl?: string;
  /** Expected `iss` and `aud`; undefined = any. */
  readonly issuer?: string;
  readonly audience?: string;
  readonly clock: Pick<Clock, 'now'>;
}

export type JwtResult =
  | { readonly kind: 'ok'; readonly identity: Identity & { readonly expiresAt: number }; readonly claims: JWTPayload }
  /** `reason` is fit for a log and for the caller: it names what is wrong, never the token. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Checks tokens by [AUTH5]. Claims: `sub` = user id, `username`, `role`, `sid` = session id, `station`, `exp`.
 * The algorithm decides the key, never the other way round: a public key is never taken for a secret, and `none` has no key at all.
 */
export function createJwtVerifier(options: JwtOptions): (token: string) => Promise<JwtResult> {
  const { secret, jwksUrl, issuer, audience, clock } = options;
  if (!secret && !jwksUrl) throw new Error('Tokens need a secret or the URL of public keys.');
  if (secret && secret.byteLength < SHORTEST_SECRET_BYTES) throw new Error(`The secret for tokens must have at least ${SHORTEST_SECRET_BYTES} bytes; it has ${secret.byteLength}.`);
  const keysUrl = jwksUrl === undefined ? undefined : new URL(jwksUrl);
  let keys: JWTVerifyGetKey | undefined;
  const proven = new Map<string, JWTPayload>();
  const remember = (token: string, claims: JWTPayload): JWTPayload => {
    if (proven.size >= REMEMBERED_TOKENS) proven.delete(proven.keys().next().value!);
    proven.set(token, claims);
    return claims;
  };
  return async (token) => {
    const nowMs = clock.now();
    const known = proven.get(token);
    if (known) return judge(known, nowMs);
    const { createRemoteJWKSet, decodeProtectedHeader, errors, jwtVerify } = await import('jose'); // with the first token, not with the start
    if (keysUrl) keys ??= createRemoteJWKSet(keysUrl);
    const rules = { currentDate: new Date(nowMs), clockTolerance: SKEW_SECONDS, requiredClaims: ['exp', 'sub'], ...(issuer !== undefined && { issuer }), ...(audience !== undefined && { audience }) };
    try {
      const { alg, kid } = decodeProtectedHeader(token);
      // The secret has no name: a token that names its key was signed with another one.
      if (alg === 'HS256' && kid !== undefined) return { kind: 'refused', reason: 'the token names a key that is not known' };
      if (alg === 'HS256' && secret) return judge(remember(token, (await jwtVerify(token, secret, { ...rules, algorithms: ['HS256'] })).payload), nowMs);
      if (keys && (alg === 'RS256' || alg === 'ES256' || alg === 'EdDSA')) return judge((await jwtVerify(token, keys, { ...rules, algorithms: [alg] })).payload, nowMs);
      return { kind: 'refused', reason: `tokens signed with "${String(alg)}" are not accepted` };
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { kind: 'refused', reason: 'the token has expired' };
      if (error instanceof errors.JWTClaimValidationFailed) return { kind: 'refused', reason: `the token's claim "${error.claim}" is ${error.reason === 'missing' ? 'missing' : 'not accepted'}` };
      if (error instanceof errors.JWKSTimeout) return { kind: 'refused', reason: 'the public keys could not be fetched' };
      // The rest is what a stranger can cause by sending rubbish.
      if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof SyntaxError) return { kind: 'refused', reason: 'the token is not valid' };
      throw error;
    }
  };
}

function judge(claims: JWTPayload, nowMs: number): JwtResult {
  const { sub, exp, iat, username, role, sid, station } = claims;
  if (typeof sub !== 'string' || sub === '' || typeof exp !== 'number') return { kind: 'refused', reason: 'the token lacks "sub" or "exp"' };
  if (exp * 1000 <= nowMs) return { kind: 'refused', reason: 'the token has expired' };
  if (typeof iat === 'number' && iat * 1000 > nowMs + SKEW_SECONDS * 1000) return { kind: 'refused', reason: 'the token was issued in the future' };
  if (typeof role !== 'string' || role === '') return { kind: 'refused', reason: 'the token lacks "role"' };
  const identity = {
    userId: sub,
    username: typeof username === 'string' && username !== '' ? username : sub,
    role,
    // Without a session of its own a token can be revoked by its user only.
    sessionId: typeof sid === 'string' && sid !== '' ? sid : `token:${sub}`,
    expiresAt: exp * 1000,
    ...(typeof station === 'string' && { station }),
  };
  return { kind: 'ok', identity, claims };
}
