import { ChatMessage, Id } from '@clms/protocol';
import Type from 'typebox';
import { chatHistory, chatMessage, chatRoom, chatRooms, postChat } from '../../domain/chat.ts';
import { decodeNumber, Page, pageLimit, pageOfAll, PageQuery, toPage } from '../page.ts';
import { command, query, STAFF, type Route } from '../route.ts';

const closed = { additionalProperties: false } as const;
const ByRoom = Type.Object({ room: Type.String({ minLength: 1, maxLength: 100 }) });

/** What staff write to each other. */
export const chatRoutes: Route[] = [
  query({
    method: 'GET',
    path: '/api/chat',
    access: STAFF,
    tag: 'Chat',
    summary: 'The rooms: `staff` and one per location.',
    query: PageQuery,
    answer: Page(Type.Object({ room: Type.String() })),
    async handle({ venue }, { query }) {
      const rooms = chatRooms(venue);
      return pageOfAll(rooms.map((room) => ({ room })), query, ({ room }) => String(rooms.indexOf(room)).padStart(4, '0'), 'rising');
    },
  }),
  query({
    method: 'GET',
    path: '/api/chat/:room/messages',
    access: STAFF,
    tag: 'Chat',
    summary: 'Messages of a room, newest first.',
    params: ByRoom,
    query: Type.Object({ ...PageQuery.properties }, closed),
    answer: Page(ChatMessage),
    async handle({ db, venue }, { params, query: page }) {
      const limit = pageLimit(page);
      const before = decodeNumber(page.cursor);
      const rows = await chatHistory(db, chatRoom(venue, params.room), { limit: limit + 1, before });
      return toPage(rows, limit, (row) => [row.seq], chatMessage);
    },
  }),
  command({
    method: 'POST',
    path: '/api/chat/:room/messages',
    access: STAFF,
    tag: 'Chat',
    summary: 'Posts a message, once per `clientMessageId`.',
    status: 201,
    params: ByRoom,
    body: Type.Object({ text: Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S' }), clientMessageId: Id }, closed),
    answer: ChatMessage,
    handle: (unit, { params, body }) => postChat(unit, { room: params.room, ...body }),
  }),
];
