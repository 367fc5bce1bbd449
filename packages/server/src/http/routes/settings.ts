import Type, { type TObject, type TProperties } from 'typebox';
import { PoliciesPreview, previewPolicies } from '../../domain/policies-preview.ts';
import { retentionDryRun } from '../../domain/retention.ts';
import { Calendar, Policies, Settings } from '../../domain/venue.ts';
import { changeCalendar, changePolicies, changeSettings } from '../../domain/venue-changes.ts';
import { ADMIN, command, query, type Route } from '../route.ts';

const closed = { additionalProperties: false } as const;
const tag = 'Settings';
const Version = { version: Type.Integer() };

const partial = <P extends TProperties>(schema: TObject<P>) => Type.Partial(Type.Object(schema.properties), closed);
const groups = Policies.properties;
const PoliciesPatch = Type.Partial(
  Type.Object({ loans: partial(groups.loans), holds: partial(groups.holds), fines: partial(groups.fines), sessions: partial(groups.sessions), attendance: partial(groups.attendance), retention: partial(groups.retention) }),
  closed,
);
const { openingHours, exceptions, closedDays } = Calendar.properties;
const CalendarPatch = Type.Partial(Type.Object({ openingHours: partial(openingHours), exceptions, closedDays }), closed);

const SettingsAnswer = Type.Object({ ...Settings.properties, ...Version });
const PoliciesAnswer = Type.Object({ ...Policies.properties, ...Version });
const CalendarAnswer = Type.Object({ ...Calendar.properties, ...Version });

/** What an administrator sets. `If-Match` guards each document by its own version. */
export const settingsRoutes: Route[] = [
  query({
    method: 'GET', path: '/api/settings', access: ADMIN, tag, summary: 'The venue: name, zone, locale, locations.', answer: SettingsAnswer,
    handle: async ({ venue }) => ({ ...venue.settings, version: venue.versions.venue }),
  }),
  command({
    method: 'PATCH', path: '/api/settings', access: ADMIN, tag, summary: 'Replaces the named fields.', body: partial(Settings), answer: SettingsAnswer,
    handle: (unit, { body, ifMatch }) => changeSettings(unit, body, ifMatch),
  }),
  query({
    method: 'GET', path: '/api/policies', access: ADMIN, tag, summary: 'Limits and rules.', answer: PoliciesAnswer,
    handle: async ({ venue }) => ({ ...venue.policies, version: venue.versions.policies }),
  }),
  command({
    method: 'PATCH', path: '/api/policies', access: ADMIN, tag, summary: 'Replaces the named fields of the named groups.', body: PoliciesPatch, answer: PoliciesAnswer,
    handle: (unit, { body, ifMatch }) => changePolicies(unit, body, ifMatch),
  }),
  command({
    method: 'POST', path: '/api/policies/preview', access: ADMIN, tag, summary: 'What changed policies would mean for a loan made now. Nothing is saved.', body: PoliciesPatch, answer: PoliciesPreview,
    handle: async (unit, { body }) => previewPolicies(unit, body),
  }),
  query({
    method: 'GET', path: '/api/calendar', access: ADMIN, tag, summary: 'Opening hours, exceptions and closed days.', answer: CalendarAnswer,
    handle: async ({ venue }) => ({ ...venue.calendar, version: venue.versions.calendar }),
  }),
  command({
    method: 'PATCH', path: '/api/calendar', access: ADMIN, tag, summary: 'Replaces the named fields; a day closed by it moves the loans due then, and undoing it puts them back.', body: CalendarPatch, answer: CalendarAnswer,
    handle: (unit, { body, ifMatch }) => changeCalendar(unit, body, ifMatch),
  }),
  query({
    method: 'GET', path: '/api/retention', access: ADMIN, tag, summary: 'Dry run of the daily retention: how many rows each step would change now.',
    answer: Type.Object({ items: Type.Array(Type.Object({ step: Type.String(), days: Type.Integer(), rows: Type.Integer() })) }),
    handle: async ({ db, venue, now }) => ({ items: await retentionDryRun(db, venue, now) }),
  }),
];
