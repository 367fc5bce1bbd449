import { Id } from '@clms/protocol';
import Type from 'typebox';
import { sessionList } from '../../domain/equipment-lists.ts';
import { equipmentById, sessionById } from '../../domain/equipment-rows.ts';
import { boundOfExtension } from '../../domain/session-bounds.ts';
import { endSession, extendSession, Session, SessionBoundAnswer, sessionEntity, startSession } from '../../domain/sessions.ts';
import { decodeTextPair, Page, pageLimit, PageQuery, toPage } from '../page.ts';
import { command, query, STAFF, STAFF_READ, type Route } from '../route.ts';

const closed = { additionalProperties: false } as const;
const ById = Type.Object({ id: Id });
const Minutes = Type.Optional(Type.Integer({ minimum: 1, maximum: 1440 }));
const Reason = Type.Optional(Type.String({ minLength: 1, maxLength: 200 }));

/** Timed use of equipment. */
export const sessionRoutes: Route[] = [
  query({
    method: 'GET',
    path: '/api/sessions',
    access: STAFF_READ,
    tag: 'Equipment',
    summary: 'Sessions, newest first; with `open=true` only the running ones.',
    query: Type.Object({ ...PageQuery.properties, open: Type.Optional(Type.Boolean()), studentId: Type.Optional(Id), equipmentId: Type.Optional(Id) }, closed),
    answer: Page(Session),
    async handle({ db }, { query: { cursor, ...filter } }) {
      const limit = pageLimit(filter);
      const rows = await sessionList(db, { ...filter, after: decodeTextPair(cursor), limit: limit + 1 });
      return toPage(rows, limit, (row) => [row.startedAt, row.id], sessionEntity);
    },
  }),
  query({
    method: 'GET',
    path: '/api/sessions/:id',
    access: STAFF_READ,
    tag: 'Equipment',
    summary: 'One session.',
    params: ById,
    answer: Session,
    handle: async ({ db }, { params }) => sessionEntity(await sessionById(db, params.id)),
  }),
  command({
    method: 'POST',
    path: '/api/equipment/:id/sessions',
    access: STAFF,
    tag: 'Equipment',
    summary: 'Starts a session. `bound` says how long it may last and what decides it; `override` with a reason overrules a claim, a running session, or the budget of the day.',
    status: 201,
    params: ById,
    body: Type.Object({ studentId: Id, minutes: Minutes, override: Type.Optional(Type.Boolean()), reason: Reason }, closed),
    answer: Session,
    handle: (unit, { params, body: { studentId, ...more } }) => startSession(unit, { equipmentId: params.id, personId: studentId, ...more }),
  }),
  query({
    method: 'GET',
    path: '/api/sessions/:id/bound',
    access: STAFF_READ,
    tag: 'Equipment',
    summary: 'How many minutes an extension could add now, and what decides it.',
    params: ById,
    answer: SessionBoundAnswer,
    async handle(context, { params }) {
      const session = await sessionById(context.db, params.id);
      return boundOfExtension(context, await equipmentById(context.db, session.equipmentId), session, context.venue.policies.sessions.extensionMinutes);
    },
  }),
  command({
    method: 'POST',
    path: '/api/sessions/:id/extend',
    access: STAFF,
    tag: 'Equipment',
    summary: 'Adds time; `bound` says what was added and what decided it.',
    params: ById,
    body: Type.Object({ minutes: Minutes }, closed),
    answer: Session,
    handle: (unit, { params, body }) => extendSession(unit, params.id, body.minutes),
  }),
  command({
    method: 'POST',
    path: '/api/sessions/:id/end',
    access: STAFF,
    tag: 'Equipment',
    summary: 'Ends a running session.',
    params: ById,
    body: Type.Object({ reason: Reason }, closed),
    answer: Session,
    handle: (unit, { params, body }) => endSession(unit, params.id, body.reason),
  }),
];
