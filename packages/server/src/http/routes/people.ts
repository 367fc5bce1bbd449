import { Activity, Id } from '@clms/protocol';
import Type from 'typebox';
import { activitiesOf } from '../../domain/activities.ts';
import { auditLookUp } from '../../domain/look-up.ts';
import { createPerson, personById } from '../../domain/people.ts';
import { NewPerson, Person, PersonPatch, toPerson } from '../../domain/person.ts';
import { DeskCard, deskCard } from '../../domain/person-card.ts';
import { erasePerson, type ForgetEvents } from '../../domain/person-erasure.ts';
import { exportPerson } from '../../domain/person-export.ts';
import { changePerson } from '../../domain/person-queues.ts';
import { listPeople, searchPeople } from '../../domain/person-search.ts';
import { decodeCursor, decodeNumber, Page, pageLimit, PageQuery, toPage } from '../page.ts';
import { ADMIN, command, MANAGERS, STAFF, STAFF_READ, type Route } from '../route.ts';

const closed = { additionalProperties: false } as const;
const ById = Type.Object({ id: Id });
const tag = 'People';

/** Pupils and personnel. Looking them up is written down, so the look-ups are commands. */
export const peopleRoutes = (forget: ForgetEvents): Route[] => [
  command({
    method: 'GET',
    path: '/api/students',
    access: STAFF_READ,
    tag,
    summary: 'People by name.',
    query: Type.Object({ ...PageQuery.properties, active: Type.Optional(Type.Boolean()), kind: Type.Optional(Type.Enum(['STUDENT', 'PERSONNEL'])) }, closed),
    answer: Page(Person),
    async handle(unit, { query: { cursor, active, kind, ...page } }) {
      const limit = pageLimit(page);
      const afterId = decodeCursor(cursor, 1)?.[0];
      const rows = await listPeople(unit.db, { active, kind, limit: limit + 1, afterId: afterId === undefined ? undefined : String(afterId) });
      auditLookUp(unit, 'PEOPLE_LISTED', { count: Math.min(rows.length, limit) });
      return toPage(rows, limit, (row) => [row.id], toPerson);
    },
  }),
  command({
    method: 'POST',
    path: '/api/students',
    access: STAFF,
    tag,
    summary: 'Adds a person.',
    status: 201,
    body: NewPerson,
    answer: Person,
    handle: async (unit, { body }) => toPerson(await createPerson(unit, body)),
  }),
  command({
    method: 'POST',
    path: '/api/students/search',
    access: STAFF_READ,
    tag,
    summary: 'People by words of their name, school id or card; a POST, so that names stay out of URLs.',
    body: Type.Object({ text: Type.String({ maxLength: 200 }), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })) }, closed),
    answer: Page(Person),
    async handle(unit, { body }) {
      const rows = await searchPeople(unit.db, body.text, pageLimit(body));
      auditLookUp(unit, 'PEOPLE_SEARCHED', { count: rows.length });
      return { items: rows.map(toPerson), nextCursor: null };
    },
  }),
  command({
    method: 'GET',
    path: '/api/students/:id',
    access: STAFF_READ,
    tag,
    summary: 'One person.',
    params: ById,
    answer: Person,
    async handle(unit, { params }) {
      const person = await personById(unit.db, params.id);
      auditLookUp(unit, 'PERSON_VIEWED', { personId: person.id });
      return toPerson(person);
    },
  }),
  command({
    method: 'PATCH',
    path: '/api/students/:id',
    access: STAFF,
    tag,
    summary: 'Changes the named fields. Who is deactivated by it leaves every queue.',
    params: ById,
    body: PersonPatch,
    answer: Person,
    handle: async (unit, { params, body, ifMatch }) => toPerson(await changePerson(unit, params.id, body, ifMatch)),
  }),
  command({
    method: 'GET',
    path: '/api/students/:id/card',
    access: STAFF,
    tag,
    summary: 'What the desk shows of a person: inside since, session, loans, holds, places in queues.',
    params: ById,
    answer: DeskCard,
    async handle(unit, { params }) {
      const person = await personById(unit.db, params.id);
      auditLookUp(unit, 'PERSON_VIEWED', { personId: person.id });
      return deskCard(unit.db, person, unit.now, unit.venue);
    },
  }),
  command({
    method: 'GET',
    path: '/api/students/:id/history',
    access: STAFF,
    tag,
    summary: 'What a person did here, newest first.',
    params: ById,
    query: PageQuery,
    answer: Page(Activity),
    async handle(unit, { params, query }) {
      const person = await personById(unit.db, params.id);
      const limit = pageLimit(query);
      const before = decodeNumber(query.cursor);
      const rows = await activitiesOf(unit.db, { personId: person.id, limit: limit + 1, ...(before !== undefined && { beforeSeq: before }) });
      auditLookUp(unit, 'PERSON_HISTORY_VIEWED', { personId: person.id });
      return toPage(rows, limit, (row) => [row.seq], (row) => row.activity);
    },
  }),
  command({
    method: 'GET',
    path: '/api/students/:id/export',
    access: MANAGERS,
    tag,
    summary: 'All that is stored about one person.',
    params: ById,
    answer: Type.Record(Type.String(), Type.Unknown()),
    async handle(unit, { params }) {
      const person = await personById(unit.db, params.id);
      auditLookUp(unit, 'PERSON_EXPORTED', { personId: person.id });
      return exportPerson(unit.db, person);
    },
  }),
  command({
    method: 'POST',
    path: '/api/students/:id/erase',
    access: ADMIN,
    tag,
    summary: "Takes a person's data out for ever; what they did stays without them.",
    params: ById,
    body: Type.Object({ reason: Type.String({ minLength: 1, maxLength: 200 }) }, closed),
    answer: Person,
    handle: async (unit, { params, body }) => toPerson(await erasePerson(unit, params.id, body.reason, forget)),
  }),
];
