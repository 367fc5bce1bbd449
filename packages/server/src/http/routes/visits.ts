import { GRADE_CATEGORIES, Id } from '@clms/protocol';
import Type from 'typebox';
import { checkIn, checkOutById, moveVisit, visitById } from '../../domain/attendance.ts';
import { personByBarcode } from '../../domain/people.ts';
import { invalid, notFound } from '../../domain/refusal.ts';
import { toVisit, Visit } from '../../domain/visit.ts';
import { ListedVisit, visitList } from '../../domain/visit-list.ts';
import { decodeTextPair, Page, pageLimit, PageQuery, toPage } from '../page.ts';
import { command, query, STAFF, STAFF_READ, type Route } from '../route.ts';

const closed = { additionalProperties: false } as const;
const optional = Type.Optional;
const ById = Type.Object({ id: Id });
const Overrule = { override: optional(Type.Boolean()), reason: optional(Type.String({ minLength: 1, maxLength: 200 })) };
const LocationName = Type.String({ minLength: 1, maxLength: 80 });
const tag = 'Attendance';

/** Who is inside, by hand; kiosks scan. */
export const visitRoutes: Route[] = [
  query({
    method: 'GET',
    path: '/api/visits',
    access: STAFF_READ,
    tag,
    summary: 'Visits, newest first; with `open` those of people inside now.',
    query: Type.Object({ ...PageQuery.properties, open: optional(Type.Boolean()), location: optional(LocationName), studentId: optional(Id), gradeCategory: optional(Type.Enum(GRADE_CATEGORIES)), date: optional(Type.String({ format: 'date' })) }, closed),
    answer: Page(ListedVisit),
    async handle({ db }, { query: { cursor, ...filter } }) {
      const limit = pageLimit(filter);
      const rows = await visitList(db, { ...filter, after: decodeTextPair(cursor), limit: limit + 1 });
      return toPage(rows, limit, (row) => [row.checkedInAt, row.id], (row) => row);
    },
  }),
  query({
    method: 'GET',
    path: '/api/visits/:id',
    access: STAFF_READ,
    tag,
    summary: 'One visit.',
    params: ById,
    answer: Visit,
    handle: async ({ db }, { params }) => toVisit(await visitById(db, params.id)),
  }),
  command({
    method: 'POST',
    path: '/api/visits',
    access: STAFF,
    tag,
    summary: 'Checks a person in, by id or by card; `override` with a reason lets them into a full place.',
    status: 201,
    body: Type.Object({ studentId: optional(Id), barcode: optional(Type.String({ minLength: 1, maxLength: 200 })), location: LocationName, ...Overrule }, closed),
    answer: Visit,
    async handle(unit, { body: { studentId, barcode, location, override, reason } }) {
      if ((studentId === undefined) === (barcode === undefined)) throw invalid('body.studentId', 'Name the person by either studentId or barcode.');
      const personId = studentId ?? (await personByBarcode(unit.db, barcode!))?.id;
      if (personId === undefined) throw notFound('card');
      return toVisit(await checkIn(unit, { personId, location, ...(override !== undefined && { override }), ...(reason !== undefined && { reason }) }));
    },
  }),
  command({
    method: 'POST',
    path: '/api/visits/:id/checkout',
    access: STAFF,
    tag,
    summary: 'Ends a visit, and the session with it.',
    params: ById,
    answer: Visit,
    handle: async (unit, { params }) => toVisit(await checkOutById(unit, params.id)),
  }),
  command({
    method: 'PATCH',
    path: '/api/visits/:id',
    access: STAFF,
    tag,
    summary: 'Moves a visit to another location in one step.',
    params: ById,
    body: Type.Object({ location: LocationName, ...Overrule }, closed),
    answer: Visit,
    handle: async (unit, { params, body, ifMatch }) => toVisit(await moveVisit(unit, params.id, body, ifMatch)),
  }),
];
