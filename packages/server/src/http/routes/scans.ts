import { Id } from '@clms/protocol';
import Type from 'typebox';
import { ScanAnswer, ScanInput } from '../../domain/scan-answer.ts';
import { resolveScanException, ScanException, scanExceptions } from '../../domain/scan-exceptions.ts';
import { scan } from '../../domain/scans.ts';
import { decodeTextPair, Page, pageLimit, PageQuery, toPage } from '../page.ts';
import { command, query, STAFF, STAFF_AND_KIOSK, type Route } from '../route.ts';

const tag = 'Scans';

export const scanRoutes: Route[] = [
  command({
    method: 'POST',
    path: '/api/scans',
    access: STAFF_AND_KIOSK,
    tag,
    summary: 'The door of every scanner: a card, a book or a station. Whatever comes of it is answered with 200.',
    body: ScanInput,
    answer: ScanAnswer,
    handle: (unit, { body }) => scan(unit, body),
  }),
  query({
    method: 'GET',
    path: '/api/scans/exceptions',
    access: STAFF,
    tag,
    summary: 'Scans that staff should look at, newest first.',
    query: Type.Object({ ...PageQuery.properties, resolved: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
    answer: Page(ScanException),
    async handle({ db }, { query: { cursor, ...filter } }) {
      const limit = pageLimit(filter);
      const rows = await scanExceptions(db, { resolved: filter.resolved, limit: limit + 1, before: decodeTextPair(cursor) });
      return toPage(rows, limit, (row) => [row.at, row.id], (row) => row);
    },
  }),
  command({
    method: 'POST',
    path: '/api/scans/exceptions/:id/resolve',
    access: STAFF,
    tag,
    summary: 'Marks an entry as dealt with.',
    params: Type.Object({ id: Id }),
    answer: ScanException,
    handle: (unit, { params }) => resolveScanException(unit, params.id),
  }),
];
