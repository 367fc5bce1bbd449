import { Id } from '@clms/protocol';
import Type from 'typebox';
import { createEquipment, EquipmentFields, equipmentDetail, updateEquipment } from '../../domain/equipment.ts';
import { equipmentList } from '../../domain/equipment-lists.ts';
import { equipmentById } from '../../domain/equipment-rows.ts';
import { EquipmentDetail, equipmentDetails } from '../../domain/equipment-view.ts';
import { personById } from '../../domain/people.ts';
import { boundOfStart } from '../../domain/session-bounds.ts';
import { SessionBoundAnswer } from '../../domain/sessions.ts';
import { decodeTextPair, Page, pageLimit, PageQuery, toPage } from '../page.ts';
import { command, query, STAFF, STAFF_READ, type Route } from '../route.ts';

const closed = { additionalProperties: false } as const;
const ById = Type.Object({ id: Id });
const { name, type, location, ...others } = EquipmentFields.properties;

/** Stations, consoles and rooms. */
export const equipmentRoutes: Route[] = [
  query({
    method: 'GET',
    path: '/api/equipment',
    access: STAFF_READ,
    tag: 'Equipment',
    summary: 'Items by name, each with its running sessions and the number of people waiting for its type.',
    query: Type.Object({ ...PageQuery.properties, type: Type.Optional(Type.String({ maxLength: 40 })), location: Type.Optional(Type.String({ maxLength: 80 })) }, closed),
    answer: Page(EquipmentDetail),
    async handle({ db }, { query: { cursor, ...filter } }) {
      const limit = pageLimit(filter);
      const rows = await equipmentList(db, { ...filter, after: decodeTextPair(cursor), limit: limit + 1 });
      const { items, nextCursor } = toPage(rows, limit, (row) => [row.nameKey, row.id], (row) => row);
      return { items: await equipmentDetails(db, items), nextCursor };
    },
  }),
  query({
    method: 'GET',
    path: '/api/equipment/:id',
    access: STAFF_READ,
    tag: 'Equipment',
    summary: 'One item.',
    params: ById,
    answer: EquipmentDetail,
    handle: ({ db }, { params }) => equipmentDetail(db, params.id),
  }),
  command({
    method: 'POST',
    path: '/api/equipment',
    access: STAFF,
    tag: 'Equipment',
    summary: 'Adds an item.',
    status: 201,
    body: Type.Object({ name, type, location, ...Type.Partial(Type.Object(others)).properties }, closed),
    answer: EquipmentDetail,
    handle: (unit, { body }) => createEquipment(unit, body),
  }),
  command({
    method: 'PATCH',
    path: '/api/equipment/:id',
    access: STAFF,
    tag: 'Equipment',
    summary: 'Changes an item. MAINTENANCE and OUT_OF_ORDER end its running sessions with the reason.',
    params: ById,
    body: Type.Partial(EquipmentFields, closed),
    answer: EquipmentDetail,
    handle: (unit, { params, body, ifMatch }) => updateEquipment(unit, params.id, body, ifMatch),
  }),
  query({
    method: 'GET',
    path: '/api/equipment/:id/bound',
    access: STAFF_READ,
    tag: 'Equipment',
    summary: 'How long a person could use the item from now on, and what decides it.',
    params: ById,
    query: Type.Object({ studentId: Id }, closed),
    answer: SessionBoundAnswer,
    async handle(context, { params, query: { studentId } }) {
      return boundOfStart(context, await equipmentById(context.db, params.id), await personById(context.db, studentId));
    },
  }),
];
