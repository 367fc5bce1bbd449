import type { Clock } from '@clms/realtime';
import { toInstant } from '../instant.ts';
import type { UserRow } from './users.ts';

export interface AccessTokenOptions {
  readonly secret: Uint8Array;
  readonly ttlMs: number;
  readonly issuer?: string;
  readonly audience?: string;
  /** The machine's clock, also on trials: other programs judge these tokens too. */
  readonly machine: Pick<Clock, 'now'>;
}

interface IssuedToken {
  readonly accessToken: string;
  readonly expiresAt: string;
}

export type IssueToken = (user: Pick<UserRow, 'id' | 'username' | 'role'>, sessionId: string) => Promise<IssuedToken>;

/** Signs the short-lived tokens of people: HS256 with sub, username, role, sid, iat, exp. */
export function accessTokenIssuer({ secret, ttlMs, issuer, audience, machine }: AccessTokenOptions): IssueToken {
  return async (user, sessionId) => {
    const { SignJWT } = await import('jose'); // with the first sign-in, not with the start
    const nowSeconds = Math.floor(machine.now() / 1000);
    const expiresAtSeconds = nowSeconds + Math.max(1, Math.round(ttlMs / 1000));
    const token = new SignJWT({ username: user.username, role: user.role, sid: sessionId }).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setSubject(user.id).setIssuedAt(nowSeconds).setExpirationTime(expiresAtSeconds);
    if (issuer !== undefined) token.setIssuer(issuer);
    if (audience !== undefined) token.setAudience(audience);
    return { accessToken: await token.sign(secret), expiresAt: toInstant(expiresAtSeconds * 1000) };
  };
}
