import { Activity, ACTIVITY_TYPES, Id } from '@clms/protocol';
import Type from 'typebox';
import { activitiesOf } from '../../domain/activities.ts';
import { decodeNumber, Page, pageLimit, PageQuery, toPage } from '../page.ts';
import { query, STAFF_READ, type Route } from '../route.ts';

export const activityRoutes: Route[] = [
  query({
    method: 'GET',
    path: '/api/activities',
    access: STAFF_READ,
    tag: 'Attendance',
    summary: 'What happened, newest first, each as `activity_update` told it.',
    query: Type.Object(
      { ...PageQuery.properties, activityType: Type.Optional(Type.Enum(ACTIVITY_TYPES)), location: Type.Optional(Type.String({ maxLength: 80 })), studentId: Type.Optional(Id) },
      { additionalProperties: false },
    ),
    answer: Page(Activity),
    async handle({ db }, { query: { cursor, activityType, location, studentId, ...page } }) {
      const limit = pageLimit(page);
      const before = decodeNumber(cursor);
      const rows = await activitiesOf(db, {
        limit: limit + 1,
        ...(activityType && { types: [activityType] }),
        ...(location !== undefined && { location }),
        ...(studentId !== undefined && { personId: studentId }),
        ...(before !== undefined && { beforeSeq: before }),
      });
      return toPage(rows, limit, (row) => [row.seq], (row) => row.activity);
    },
  }),
];
