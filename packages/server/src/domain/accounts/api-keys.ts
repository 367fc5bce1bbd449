import type { Selectable } from 'kysely';
import Type, { type Static } from 'typebox';
import { newId } from '../../ids.ts';
import type { Tables } from '../../store/tables.ts';
import { notFound } from '../refusal.ts';
import type { Unit } from '../unit.ts';
import type { Revocations } from './revocations.ts';
import { API_KEY_PREFIX, hashSecret, newSecret } from './secret-token.ts';

export const SCOPES = ['publish', 'metrics', 'read'] as const;
const Scope = Type.Enum(SCOPES);

export const NewApiKey = Type.Object({ name: Type.String({ minLength: 1, maxLength: 80 }), scopes: Type.Array(Scope, { minItems: 1, maxItems: 3, uniqueItems: true }) }, { additionalProperties: false });
export const ApiKey = Type.Object({
  id: Type.String(), name: Type.String(), scopes: Type.Array(Scope), createdAt: Type.String(), createdBy: Type.String(),
  revokedAt: Type.Union([Type.String(), Type.Null()]), lastUsedAt: Type.Union([Type.String(), Type.Null()]),
});
export type ApiKey = Static<typeof ApiKey>;
export const ApiKeyWithSecret = Type.Object({ ...ApiKey.properties, key: Type.String({ description: 'shown this once' }) });
export type ApiKeyRow = Selectable<Tables['apiKeys']>;

export function toApiKey({ id, name, scopes, createdAt, createdBy, revokedAt, lastUsedAt }: ApiKeyRow): ApiKey {
  return { id, name, scopes: JSON.parse(scopes) as ApiKey['scopes'], createdAt, createdBy, revokedAt, lastUsedAt };
}

export async function createApiKey(unit: Unit, input: Static<typeof NewApiKey>): Promise<Static<typeof ApiKeyWithSecret>> {
  const key = newSecret(API_KEY_PREFIX);
  const row: ApiKeyRow = {
    id: newId('key'), name: input.name, scopes: JSON.stringify(input.scopes), keyHash: hashSecret(key), createdAt: unit.at, createdBy: unit.actor.id, revokedAt: null, lastUsedAt: null,
  };
  await unit.db.insertInto('apiKeys').values(row).execute();
  unit.audit({ action: 'API_KEY_CREATED', entity: 'apiKey', entityId: row.id, details: { scopes: input.scopes } });
  return { ...toApiKey(row), key };
}

export async function revokeApiKey(unit: Unit, id: string, revocations: Revocations): Promise<ApiKey> {
  const row = await unit.db.selectFrom('apiKeys').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) throw notFound('API key');
  if (row.revokedAt) return toApiKey(row);
  await unit.db.updateTable('apiKeys').set({ revokedAt: unit.at }).where('id', '=', id).execute();
  unit.audit({ action: 'API_KEY_REVOKED', entity: 'apiKey', entityId: id });
  unit.afterCommit(() => revocations.revoked({ sessionId: id }));
  return toApiKey({ ...row, revokedAt: unit.at });
}
