import Type from 'typebox';
import { AuditRecord, toAuditRecord } from '../../domain/accounts/audit-log.ts';
import { toInstant, toMs } from '../../domain/instant.ts';
import { decodeNumber, Page, pageLimit, PageQuery, toPage } from '../page.ts';
import { ADMIN, query, type Route } from '../route.ts';

const Word = Type.Optional(Type.String({ minLength: 1, maxLength: 128 }));
const When = Type.Optional(Type.String({ format: 'date-time' }));

export const auditRoutes: Route[] = [
  query({
    method: 'GET',
    path: '/api/audit',
    access: ADMIN,
    tag: 'Audit',
    summary: 'Who did what when, newest first; connection attempts are in it as WS_CONNECT.',
    query: Type.Object({ ...PageQuery.properties, action: Word, actorId: Word, entity: Word, entityId: Word, outcome: Word, from: When, to: When }, { additionalProperties: false }),
    answer: Page(AuditRecord),
    async handle({ db }, { query }) {
      const after = decodeNumber(query.cursor);
      let select = db.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(pageLimit(query) + 1);
      for (const column of ['action', 'actorId', 'entity', 'entityId', 'outcome'] as const) {
        const value = query[column];
        if (value !== undefined) select = select.where(column, '=', value);
      }
      // Rewritten, because text compares right only in the database's own form.
      if (query.from !== undefined) select = select.where('at', '>=', toInstant(toMs(query.from)));
      if (query.to !== undefined) select = select.where('at', '<', toInstant(toMs(query.to)));
      if (after !== undefined) select = select.where('seq', '<', after);
      return toPage(await select.execute(), pageLimit(query), (row) => [row.seq], toAuditRecord);
    },
  }),
];
