import type { Selectable } from 'kysely';
import { newId } from '../../ids.ts';
import type { Db } from '../../store/open-store.ts';
import type { Tables } from '../../store/tables.ts';
import { DAY_MS, toInstant } from '../instant.ts';
import type { Unit } from '../unit.ts';
import { hashSecret, newSecret } from './secret-token.ts';
import type { UserRow } from './users.ts';

/** A session lives this long after its last refresh. */
export const REFRESH_TTL_MS = 30 * DAY_MS;

export type SessionRow = Selectable<Tables['sessions']>;

export interface OpenSession {
  readonly session: SessionRow;
  readonly user: UserRow;
  /** The refresh token, which only its holder keeps. */
  readonly refreshToken: string;
}

export type Rotation =
  | ({ readonly kind: 'rotated' } & OpenSession)
  /** The token was used before: somebody has a copy. The whole session has been ended. */
  | { readonly kind: 'reused'; readonly sessionId: string; readonly userId: string }
  | { readonly kind: 'unknown' };

export async function startSession(unit: Unit, user: UserRow, from: { address: string | undefined; userAgent: string | undefined }): Promise<OpenSession> {
  const refreshToken = newSecret();
  const session: SessionRow = {
    id: newId('session'), userId: user.id, refreshHash: hashSecret(refreshToken), createdAt: unit.at, refreshedAt: unit.at, expiresAt: toInstant(unit.now + REFRESH_TTL_MS),
    revokedAt: null, revokedReason: null, address: from.address ?? null, userAgent: from.userAgent?.slice(0, 300) ?? null,
  };
  // Sessions that are over by their time go here, so the table holds a month of logins; a token of one is refused like that of an ended one.
  await unit.db.deleteFrom('sessions').where('expiresAt', '<=', unit.at).execute();
  await unit.db.insertInto('sessions').values(session).execute();
  return { session, user, refreshToken };
}

/** Trades a refresh token for the next one. Each is good once: one that comes back was copied, and then nobody keeps the session. */
export async function rotateSession(unit: Unit, refreshToken: string): Promise<Rotation> {
  const hash = hashSecret(refreshToken);
  const found = await sessionByToken(unit.db, refreshToken, unit.at);
  if (!found) {
    const spent = await unit.db
      .selectFrom('spentRefreshTokens')
      .innerJoin('sessions', 'sessions.id', 'spentRefreshTokens.sessionId')
      .select(['sessions.id', 'sessions.userId'])
      .where('spentRefreshTokens.hash', '=', hash)
      .executeTakeFirst();
    if (!spent) return { kind: 'unknown' };
    await endSession(unit, spent.id, 'TOKEN_REUSED');
    return { kind: 'reused', sessionId: spent.id, userId: spent.userId };
  }
  const next = newSecret();
  // Spent tokens are kept as long as one of them could come back; the insert also stops a second rotation at the same instant.
  await unit.db.insertInto('spentRefreshTokens').values({ hash, sessionId: found.session.id, spentAt: unit.at }).execute();
  await unit.db.deleteFrom('spentRefreshTokens').where('spentAt', '<', toInstant(unit.now - REFRESH_TTL_MS)).execute();
  const session: SessionRow = { ...found.session, refreshHash: hashSecret(next), refreshedAt: unit.at, expiresAt: toInstant(unit.now + REFRESH_TTL_MS) };
  await unit.db.updateTable('sessions').set({ refreshHash: session.refreshHash, refreshedAt: session.refreshedAt, expiresAt: session.expiresAt }).where('id', '=', session.id).execute();
  return { kind: 'rotated', session, user: found.user, refreshToken: next };
}

/** The live session of a refresh token, with its active user. */
export async function sessionByToken(db: Db, refreshToken: string, at: string): Promise<{ session: SessionRow; user: UserRow } | undefined> {
  const session = await db.selectFrom('sessions').selectAll().where('refreshHash', '=', hashSecret(refreshToken)).executeTakeFirst();
  if (!session || session.revokedAt !== null || session.expiresAt <= at) return undefined;
  const user = await db.selectFrom('users').selectAll().where('id', '=', session.userId).where('active', '=', 1).executeTakeFirst();
  return user && { session, user };
}

export async function endSession(unit: Unit, sessionId: string, reason: string): Promise<void> {
  await unit.db.updateTable('sessions').set({ revokedAt: unit.at, revokedReason: reason }).where('id', '=', sessionId).where('revokedAt', 'is', null).execute();
}

export async function endSessionsOfUser(unit: Unit, userId: string, reason: string): Promise<void> {
  await unit.db.updateTable('sessions').set({ revokedAt: unit.at, revokedReason: reason }).where('userId', '=', userId).where('revokedAt', 'is', null).execute();
}
