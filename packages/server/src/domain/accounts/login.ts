import { Refusal } from '../refusal.ts';
import { toInstant } from '../instant.ts';
import { SYSTEM } from '../actor.ts';
import type { UnitRunner } from '../unit-runner.ts';
import { lockAccounts, lockUser } from './account-locks.ts';
import { attemptKey, forgetWrongTries, recordWrongTry, refuseTooManyTries } from './attempt-limit.ts';
import { passwordMatches } from './passwords.ts';
import { endSession, rotateSession, startSession, type OpenSession } from './sessions.ts';
import type { Revocations } from './revocations.ts';
import { userByName, usernameKey } from './users.ts';

export interface Caller {
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
}

/**
 * Signs a person in. Five wrong tries for a name from an address close that door for a quarter of an hour, to the right password too:
 * guesses sent at once are counted when they are answered, so none beyond the fifth learns anything.
 */
export async function logIn(runner: UnitRunner, credentials: { username: string; password: string }, caller: Caller): Promise<OpenSession> {
  const account = attemptKey('login', usernameKey(credentials.username), caller.address ?? '');
  await refuseTooManyTries(runner.db, account, runner.now());
  const user = await userByName(runner.db, credentials.username);
  const matches = (await passwordMatches(user?.passwordHash, credentials.password)) && user?.active === 1;
  const opened = await runner.run(SYSTEM, async (unit) => {
    // For a name that is nobody's another row serves: the answers must not differ, not even to a hundred questions at once.
    await (user ? lockUser(unit, user.id) : lockAccounts(unit));
    await refuseTooManyTries(unit.db, account, unit.now);
    if (!user || !matches) {
      await recordWrongTry(unit.db, account, unit.now);
      // The typed name is not kept: people type passwords into that field.
      unit.audit({ action: 'LOGIN', entity: 'user', outcome: 'REFUSED', details: { address: caller.address ?? null }, ...(user && { entityId: user.id }) });
      return undefined;
    }
    await forgetWrongTries(unit.db, account);
    unit.audit({ action: 'LOGIN', entity: 'user', entityId: user.id, details: { address: caller.address ?? null } });
    return startSession(unit, user, caller);
  });
  if (!opened) throw new Refusal(401, 'WRONG_CREDENTIALS', 'The user name or the password is wrong.');
  return opened;
}

/** The next pair of tokens for a refresh token. One that was used before ends its session for thief and owner alike. */
export async function refreshLogin(runner: UnitRunner, refreshToken: string, revocations: Revocations): Promise<OpenSession> {
  const rotation = await runner.run(SYSTEM, async (unit) => {
    const result = await rotateSession(unit, refreshToken);
    if (result.kind === 'reused') {
      unit.audit({ action: 'REFRESH_TOKEN_REUSED', entity: 'session', entityId: result.sessionId, outcome: 'REFUSED', details: { userId: result.userId } });
      unit.afterCommit(() => revocations.revoked({ sessionId: result.sessionId }));
    }
    return result;
  });
  if (rotation.kind !== 'rotated') throw new Refusal(401, rotation.kind === 'reused' ? 'SESSION_ENDED' : 'NOT_SIGNED_IN', 'This session is over. Sign in again.');
  return rotation;
}

export async function logOut(runner: UnitRunner, session: { id: string; userId: string }, revocations: Revocations): Promise<void> {
  await runner.run(SYSTEM, async (unit) => {
    await endSession(unit, session.id, 'LOGOUT');
    unit.audit({ action: 'LOGOUT', entity: 'user', entityId: session.userId, details: { sessionId: session.id, at: toInstant(unit.now) } });
    unit.afterCommit(() => revocations.revoked({ sessionId: session.id }));
  });
}
