import { Id } from '@clms/protocol';
import Type from 'typebox';
import { joinWaitingList, leaveWaitingList, waitingEntries, WaitingEntry } from '../../domain/waiting-list.ts';
import { Page, PageQuery, pageOfAll } from '../page.ts';
import { command, query, STAFF, STAFF_READ, type Route } from '../route.ts';

const closed = { additionalProperties: false } as const;
const EquipmentType = Type.String({ minLength: 1, maxLength: 40 });

/** Who waits for a station, a console or a room. */
export const waitingListRoutes: Route[] = [
  query({
    method: 'GET',
    path: '/api/equipment/queue',
    access: STAFF_READ,
    tag: 'Equipment',
    summary: 'Everybody who waits, first come first; of one type if given.',
    query: Type.Object({ ...PageQuery.properties, type: Type.Optional(EquipmentType) }, closed),
    answer: Page(WaitingEntry),
    handle: async ({ db }, { query: { type, ...page } }) => pageOfAll(await waitingEntries(db, type), page, ({ createdAt, number, id }) => `${createdAt} ${String(number).padStart(6, '0')} ${id}`, 'rising'),
  }),
  command({
    method: 'POST',
    path: '/api/equipment/queue',
    access: STAFF,
    tag: 'Equipment',
    summary: 'Puts a person on the list of a type. If an item is free it is kept for the first at once (`claimUntil`).',
    status: 201,
    body: Type.Object({ type: EquipmentType, studentId: Id }, closed),
    answer: WaitingEntry,
    handle: (unit, { body }) => joinWaitingList(unit, { type: body.type, personId: body.studentId }),
  }),
  command({
    method: 'DELETE',
    path: '/api/equipment/queue/:id',
    access: STAFF,
    tag: 'Equipment',
    summary: 'Takes a person off the list.',
    params: Type.Object({ id: Id }),
    answer: WaitingEntry,
    handle: (unit, { params }) => leaveWaitingList(unit, params.id),
  }),
];
