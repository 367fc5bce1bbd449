import Type from 'typebox';
import { ApiKey, ApiKeyWithSecret, createApiKey, NewApiKey, revokeApiKey, toApiKey } from '../../domain/accounts/api-keys.ts';
import type { Revocations } from '../../domain/accounts/revocations.ts';
import { decodeCursor, Page, pageLimit, PageQuery, toPage } from '../page.ts';
import { ADMIN, command, query, type Route } from '../route.ts';

const tag = 'API keys';

export function apiKeyRoutes(revocations: Revocations): Route[] {
  return [
    query({
      method: 'GET', path: '/api/api-keys', access: ADMIN, tag, summary: 'API keys without their secrets.', query: PageQuery, answer: Page(ApiKey),
      async handle({ db }, { query }) {
        const after = decodeCursor(query.cursor, 1);
        let select = db.selectFrom('apiKeys').selectAll().orderBy('id').limit(pageLimit(query) + 1);
        if (after) select = select.where('id', '>', String(after[0]));
        return toPage(await select.execute(), pageLimit(query), (row) => [row.id], toApiKey);
      },
    }),
    command({ method: 'POST', path: '/api/api-keys', access: ADMIN, tag, status: 201, summary: 'Makes a key for another system; its secret is shown this once.', body: NewApiKey, answer: ApiKeyWithSecret, handle: (unit, { body }) => createApiKey(unit, body) }),
    command({
      method: 'DELETE', path: '/api/api-keys/:id', access: ADMIN, tag, summary: 'Revokes a key.', params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 128 }) }), answer: ApiKey,
      handle: (unit, { params }) => revokeApiKey(unit, params.id, revocations),
    }),
  ];
}
