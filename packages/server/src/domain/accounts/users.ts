import type { Selectable } from 'kysely';
import Type, { type Static } from 'typebox';
import { STAFF_ROLES } from '@clms/protocol';
import { newId } from '../../ids.ts';
import type { Db } from '../../store/open-store.ts';
import type { Tables } from '../../store/tables.ts';
import { conflict, notFound, stale } from '../refusal.ts';
import type { Unit } from '../unit.ts';
import { lockAccounts } from './account-locks.ts';
import { hashPassword } from './passwords.ts';
import type { Revocations } from './revocations.ts';
import { endSessionsOfUser } from './sessions.ts';

export const Username = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9._@+-]+$', description: 'letters, digits and . _ @ + -; compared without case' });
/** Length is what counts for people's passwords; the upper bound keeps hashing cheap. */
export const Password = Type.String({ minLength: 8, maxLength: 256 });
const DisplayName = Type.String({ minLength: 1, maxLength: 120 });
const StaffRole = Type.Enum(STAFF_ROLES);

export const NewUser = Type.Object({ username: Username, password: Password, role: StaffRole, displayName: Type.Optional(DisplayName) }, { additionalProperties: false });
export const UserPatch = Type.Object(
  { role: Type.Optional(StaffRole), password: Type.Optional(Password), active: Type.Optional(Type.Boolean()), displayName: Type.Optional(DisplayName) },
  { additionalProperties: false },
);
export const User = Type.Object({
  id: Type.String(), username: Type.String(), displayName: Type.String(), role: StaffRole, active: Type.Boolean(),
  version: Type.Integer(), createdAt: Type.String(), updatedAt: Type.String(),
});
export type User = Static<typeof User>;
export type UserRow = Selectable<Tables['users']>;

export const usernameKey = (username: string): string => username.normalize('NFC').toLowerCase();

export function toUser({ id, username, displayName, role, active, version, createdAt, updatedAt }: UserRow): User {
  return { id, username, displayName, role, active: active === 1, version, createdAt, updatedAt };
}

export function userByName(db: Db, username: string): Promise<UserRow | undefined> {
  return db.selectFrom('users').selectAll().where('usernameKey', '=', usernameKey(username)).executeTakeFirst();
}

export async function userById(db: Db, id: string): Promise<UserRow> {
  const row = await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw notFound('user');
  return row;
}

export async function anyUserExists(db: Db): Promise<boolean> {
  return (await db.selectFrom('users').select('id').limit(1).executeTakeFirst()) !== undefined;
}

export async function createUser(unit: Unit, input: Static<typeof NewUser>): Promise<User> {
  if (await userByName(unit.db, input.username)) throw conflict('USERNAME_TAKEN', `There is already a user "${input.username}".`, { username: input.username });
  const row: UserRow = {
    id: newId('user'), username: input.username, usernameKey: usernameKey(input.username), displayName: input.displayName ?? input.username, role: input.role,
    passwordHash: await hashPassword(input.password), active: 1, version: 1, createdAt: unit.at, updatedAt: unit.at,
  };
  await unit.db.insertInto('users').values(row).execute();
  unit.audit({ action: 'USER_CREATED', entity: 'user', entityId: row.id, details: { username: row.username, role: row.role } });
  return toUser(row);
}

/** Changes an account. A new password and a disabling end every session of the user; a new role re-judges open sockets. */
export async function updateUser(unit: Unit, id: string, patch: Static<typeof UserPatch>, ifMatch: number | undefined, revocations: Revocations): Promise<User> {
  await lockAccounts(unit);
  const before = await userById(unit.db, id);
  if (ifMatch !== undefined && ifMatch !== before.version) throw stale(before.version);
  const after: UserRow = {
    ...before,
    role: patch.role ?? before.role,
    active: patch.active === undefined ? before.active : patch.active ? 1 : 0,
    displayName: patch.displayName ?? before.displayName,
    passwordHash: patch.password === undefined ? before.passwordHash : await hashPassword(patch.password),
    version: before.version + 1,
    updatedAt: unit.at,
  };
  if (isActiveAdmin(before) && !isActiveAdmin(after)) await requireAnotherAdmin(unit.db, id);
  const { id: _, ...values } = after;
  await unit.db.updateTable('users').set(values).where('id', '=', id).execute();
  unit.audit({ action: 'USER_CHANGED', entity: 'user', entityId: id, details: { fields: Object.keys(patch), role: after.role, active: after.active === 1 } });
  const ended = patch.password !== undefined || (before.active === 1 && after.active === 0);
  if (ended) {
    await endSessionsOfUser(unit, id, patch.password === undefined ? 'DISABLED' : 'PASSWORD_CHANGED');
    unit.afterCommit(() => revocations.revoked({ userId: id }));
  }
  if (after.role !== before.role) unit.afterCommit(() => revocations.roleChanged(id, after.role));
  return toUser(after);
}

const isActiveAdmin = (user: UserRow): boolean => user.role === 'ADMIN' && user.active === 1;

/** Without an administrator nobody could make one. */
async function requireAnotherAdmin(db: Db, id: string): Promise<void> {
  const other = await db.selectFrom('users').select('id').where('role', '=', 'ADMIN').where('active', '=', 1).where('id', '!=', id).executeTakeFirst();
  if (!other) throw conflict('LAST_ADMIN', 'This is the last active administrator. Make another one first.');
}
