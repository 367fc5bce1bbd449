import Type from 'typebox';
import { closingTime, hoursOn, isOpen } from '../../domain/calendar.ts';
import { localDate, toInstant } from '../../domain/instant.ts';
import { query, type Route } from '../route.ts';

/** What every screen needs to show times and places; settings themselves are an administrator's. */
export const venueRoutes: Route[] = [
  query({
    method: 'GET',
    path: '/api/venue',
    access: { roles: ['ADMIN', 'LIBRARIAN', 'STAFF', 'KIOSK', 'DISPLAY'], scope: 'read' },
    tag: 'Settings',
    summary: 'Name, zone, locale, locations and today’s hours.',
    answer: Type.Object({
      venueName: Type.String(),
      timezone: Type.String(),
      locale: Type.String(),
      locations: Type.Array(Type.Object({ name: Type.String(), capacity: Type.Integer() })),
      open: Type.Boolean(),
      openToday: Type.Array(Type.Object({ open: Type.String(), close: Type.String() }), { description: 'hours of the local date' }),
      closesAt: Type.Union([Type.String(), Type.Null()]),
      serverTime: Type.String(),
    }),
    async handle({ venue, now }) {
      const { venueName, timezone, locale, locations } = venue.settings;
      const closesAt = closingTime(now, venue);
      return { venueName, timezone, locale, locations, open: isOpen(now, venue), openToday: [...hoursOn(localDate(now, timezone), venue.calendar)], closesAt: closesAt === undefined ? null : toInstant(closesAt), serverTime: toInstant(now) };
    },
  }),
];
