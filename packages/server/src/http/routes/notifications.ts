import { Id, Instant, NOTICE_CATEGORIES, NoticeAction, NoticeRecipients, PRIORITIES } from '@clms/protocol';
import Type from 'typebox';
import { toInstant } from '../../domain/instant.ts';
import { Notice, noticesFor, noticesWithReceipts, raiseNotice, readerOf } from '../../domain/notices.ts';
import { acknowledge } from '../../domain/receipts.ts';
import { decodeTextPair, Page, pageLimit, PageQuery, toPage } from '../page.ts';
import { command, query, STAFF, STAFF_AND_KIOSK, type Route } from '../route.ts';

const closed = { additionalProperties: false } as const;
const optional = Type.Optional;

/** Notices to staff and stations. */
export const notificationRoutes: Route[] = [
  query({
    method: 'GET',
    path: '/api/notifications',
    access: STAFF_AND_KIOSK,
    tag: 'Notices',
    summary: 'Notices to the caller, and those they sent, that have not expired: newest first, with receipts.',
    query: Type.Object({ ...PageQuery.properties, unacknowledged: optional(Type.Boolean()) }, closed),
    answer: Page(Notice),
    async handle({ db, now, actor }, { query: { cursor, ...filter } }) {
      const reader = readerOf(actor);
      if (!reader) return { items: [], nextCursor: null };
      const limit = pageLimit(filter);
      const rows = await noticesFor(db, reader, toInstant(now), { limit: limit + 1, before: decodeTextPair(cursor), unacknowledged: filter.unacknowledged, sentToo: true });
      const { items, nextCursor } = toPage(rows, limit, (row) => [row.createdAt, row.id], (row) => row);
      return { items: await noticesWithReceipts(db, items), nextCursor };
    },
  }),
  command({
    method: 'POST',
    path: '/api/notifications',
    access: STAFF,
    tag: 'Notices',
    summary: 'Sends a notice. The same one again within five minutes raises its count instead.',
    status: 201,
    body: Type.Object(
      {
        title: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }),
        message: Type.String({ minLength: 1, maxLength: 2000, pattern: '\\S' }),
        priority: Type.Enum(PRIORITIES),
        category: Type.Enum(NOTICE_CATEGORIES),
        recipients: NoticeRecipients,
        actions: optional(Type.Array(NoticeAction, { maxItems: 5 })),
        expiresAt: optional(Instant),
        requiresAck: optional(Type.Boolean()),
      },
      closed,
    ),
    answer: Notice,
    handle: (unit, { body }) => raiseNotice(unit, { ...body, expiresAt: body.expiresAt === undefined ? undefined : toInstant(Date.parse(body.expiresAt)) }),
  }),
  command({
    method: 'POST',
    path: '/api/notifications/:id/ack',
    access: STAFF_AND_KIOSK,
    tag: 'Notices',
    summary: 'Says that the caller got, saw or acknowledged (the default) a notice or an emergency.',
    params: Type.Object({ id: Id }),
    body: Type.Object({ state: optional(Type.Enum(['delivered', 'seen', 'acknowledged'])) }, closed),
    answer: Type.Object({ id: Type.String(), state: Type.String(), notice: optional(Notice) }),
    handle: (unit, { params, body }) => acknowledge(unit, params.id, body.state ?? 'acknowledged'),
  }),
];
