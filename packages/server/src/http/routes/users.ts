import Type from 'typebox';
import type { Revocations } from '../../domain/accounts/revocations.ts';
import { createUser, NewUser, toUser, updateUser, User, userById, UserPatch } from '../../domain/accounts/users.ts';
import { decodeCursor, Page, pageLimit, PageQuery, toPage } from '../page.ts';
import { ADMIN, command, query, type Route } from '../route.ts';

const ById = Type.Object({ id: Type.String({ minLength: 1, maxLength: 128 }) });
const tag = 'Accounts';

export function userRoutes(revocations: Revocations): Route[] {
  return [
    query({
      method: 'GET', path: '/api/users', access: ADMIN, tag, summary: 'Staff accounts, by user name.', query: PageQuery, answer: Page(User),
      async handle({ db }, { query }) {
        const after = decodeCursor(query.cursor, 1);
        let select = db.selectFrom('users').selectAll().orderBy('usernameKey').limit(pageLimit(query) + 1);
        if (after) select = select.where('usernameKey', '>', String(after[0]));
        return toPage(await select.execute(), pageLimit(query), (row) => [row.usernameKey], toUser);
      },
    }),
    query({ method: 'GET', path: '/api/users/:id', access: ADMIN, tag, summary: 'One staff account.', params: ById, answer: User, handle: async ({ db }, { params }) => toUser(await userById(db, params.id)) }),
    command({ method: 'POST', path: '/api/users', access: ADMIN, tag, status: 201, summary: 'Adds a staff account.', body: NewUser, answer: User, handle: (unit, { body }) => createUser(unit, body) }),
    command({
      method: 'PATCH', path: '/api/users/:id', access: ADMIN, tag, summary: 'Changes a staff account. A new password or a disabling ends its sessions.', params: ById, body: UserPatch, answer: User,
      handle: (unit, { params, body, ifMatch }) => updateUser(unit, params.id, body, ifMatch, revocations),
    }),
  ];
}
