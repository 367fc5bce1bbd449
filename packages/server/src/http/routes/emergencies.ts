import { Id, Instant } from '@clms/protocol';
import Type from 'typebox';
import { activeEmergencies, clearEmergency, Emergency, emergencyList, NewEmergency, raiseEmergency, tickRollCall } from '../../domain/emergency.ts';
import { EmergencyReport, emergencyReport } from '../../domain/emergency-report.ts';
import { decodeTextPair, Page, pageLimit, PageQuery, pageOfAll, toPage } from '../page.ts';
import { command, query, STAFF, type Route } from '../route.ts';

const closed = { additionalProperties: false } as const;
const tag = 'Emergency';

export const emergencyRoutes: Route[] = [
  command({
    method: 'POST',
    path: '/api/emergencies',
    access: STAFF,
    tag,
    summary: 'Raises an alert on every screen and opens the roll-call.',
    status: 201,
    body: NewEmergency,
    answer: Emergency,
    handle: (unit, { body }) => raiseEmergency(unit, body),
  }),
  query({
    method: 'GET',
    path: '/api/emergencies',
    access: STAFF,
    tag,
    summary: 'Alerts, newest first, those with an all-clear too.',
    query: PageQuery,
    answer: Page(Emergency),
    async handle({ db }, { query: { cursor, ...page } }) {
      const limit = pageLimit(page);
      return toPage(await emergencyList(db, { after: decodeTextPair(cursor), limit: limit + 1 }), limit, ({ raisedAt, id }) => [raisedAt, id], (one) => one);
    },
  }),
  query({
    method: 'GET',
    path: '/api/emergencies/active',
    access: STAFF,
    tag,
    summary: 'Alerts without all-clear, with their roll-calls.',
    query: PageQuery,
    answer: Page(Emergency),
    handle: async ({ db }, { query }) => pageOfAll(await activeEmergencies(db), query, ({ raisedAt, id }) => `${raisedAt} ${id}`, 'falling'),
  }),
  query({
    method: 'GET',
    path: '/api/emergencies/:id',
    access: STAFF,
    tag,
    summary: 'The report: roll-call, every tick, and which screens confirmed.',
    params: Type.Object({ id: Id }),
    answer: EmergencyReport,
    handle: ({ db }, { params }) => emergencyReport(db, params.id),
  }),
  command({
    method: 'POST',
    path: '/api/emergencies/:id/roll-call/:personId',
    access: STAFF,
    tag,
    summary: 'Ticks somebody as safe or missing; the last tick counts. A tick that waited for the server says by `tickedAt` when it was made.',
    params: Type.Object({ id: Id, personId: Id }),
    body: Type.Object({ state: Type.Enum(['SAFE', 'MISSING']), tickedAt: Type.Optional(Instant) }, closed),
    answer: Emergency,
    handle: (unit, { params, body }) => tickRollCall(unit, params.id, params.personId, body.state, body.tickedAt),
  }),
  command({
    method: 'POST',
    path: '/api/emergencies/:id/all-clear',
    access: STAFF,
    tag,
    summary: 'Ends the emergency.',
    params: Type.Object({ id: Id }),
    answer: Emergency,
    handle: (unit, { params }) => clearEmergency(unit, params.id),
  }),
];
