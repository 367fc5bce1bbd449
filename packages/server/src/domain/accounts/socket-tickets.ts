import type { Identity } from '@clms/realtime';
import { toInstant } from '../instant.ts';
import type { Actor } from '../actor.ts';
import type { UnitRunner } from '../unit-runner.ts';
import { SYSTEM } from '../actor.ts';
import type { Authenticated } from './authenticator.ts';
import { hashSecret, newSecret } from './secret-token.ts';

const TICKET_TTL_MS = 30_000;

/** What a ticket stands for. */
interface Credential {
  readonly actor: Actor;
  readonly identity: Identity;
}

/** A ticket for opening one socket within half a minute [UP2]: fit for a URL, because it is worthless once a log shows it. */
export async function issueTicket(runner: UnitRunner, credential: Credential): Promise<{ ticket: string; expiresAt: string }> {
  const ticket = newSecret();
  const expiresAt = toInstant(runner.now() + TICKET_TTL_MS);
  await runner.run(SYSTEM, async (unit) => {
    // What nobody redeemed goes here, so the table holds half a minute of tickets.
    await unit.db.deleteFrom('socketTickets').where('expiresAt', '<=', unit.at).execute();
    await unit.db.insertInto('socketTickets').values({ hash: hashSecret(ticket), credential: JSON.stringify(credential), expiresAt }).execute();
  });
  return { ticket, expiresAt };
}

/** Takes a ticket in. It is good once: of two who come with it the database serves one. */
export async function redeemTicket(runner: UnitRunner, ticket: string): Promise<Authenticated> {
  const row = await runner.db.deleteFrom('socketTickets').where('hash', '=', hashSecret(ticket)).returningAll().executeTakeFirst();
  if (!row || row.expiresAt <= toInstant(runner.now())) return { kind: 'refused', reason: 'the ticket is not known, used or expired' };
  const { actor, identity } = JSON.parse(row.credential) as Credential;
  if (await isOver(runner, identity)) return { kind: 'refused', reason: 'the session is over' };
  return { kind: 'ok', actor, identity, expiresAt: identity.expiresAt };
}

/** Whether a logout, a disabling or a revocation came between the ticket and its use. */
async function isOver(runner: UnitRunner, { userId, role, sessionId }: Identity): Promise<boolean> {
  const session = await runner.db.selectFrom('sessions').select('revokedAt').where('id', '=', sessionId).executeTakeFirst();
  if (session?.revokedAt) return true;
  const user = await runner.db.selectFrom('users').select(['active', 'role']).where('id', '=', userId).executeTakeFirst();
  if (user) return user.active !== 1 || user.role !== role;
  const device = await runner.db.selectFrom('devices').select('revokedAt').where('id', '=', userId).executeTakeFirst();
  return device !== undefined && device.revokedAt !== null;
}
