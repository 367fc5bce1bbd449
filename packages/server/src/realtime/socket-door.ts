import type { AuthResult, Credential, RequestFacts } from '@clms/realtime';
import type { Authenticated, Authenticator } from '../domain/accounts/authenticator.ts';
import { redeemTicket } from '../domain/accounts/socket-tickets.ts';
import type { UnitRunner } from '../domain/unit-runner.ts';

/** Who may open a socket [UP2]: whoever proves to be a person or a device, by token, ticket or, on the streams, the session's cookie. */
export function socketDoor(authenticator: Authenticator, runner: UnitRunner) {
  const prove = (credential: Credential, address: string): Promise<Authenticated> => {
    if ('ticket' in credential) return redeemTicket(runner, credential.ticket);
    if ('session' in credential) return authenticator.authenticateRefreshToken(credential.session, address);
    return authenticator.authenticateToken(credential.token, address);
  };
  return async (credential: Credential, { address }: RequestFacts): Promise<AuthResult> => {
    const result = await prove(credential, address);
    if (result.kind === 'refused') return { kind: 'refused', status: 401, reason: result.reason };
    if (!result.identity) return { kind: 'refused', status: 403, reason: 'an API key opens no socket; use it over HTTP' };
    return { kind: 'ok', identity: result.identity };
  };
}
