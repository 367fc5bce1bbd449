import { Temporal } from 'temporal-polyfill';
import { isOpen, nextOpenDay } from './calendar.ts';
import { closeNow } from './closing.ts';
import { insideByLocation } from './locations.ts';
import { redateLoans, rezoneDeadlines } from './loan-redating.ts';
import { conflict, invalid, stale } from './refusal.ts';
import { endSessionsByClosing } from './session-deadlines.ts';
import type { Unit } from './unit.ts';
import type { Calendar, Interval, Policies, Settings, Venue } from './venue.ts';
import { loadVenue, saveVenuePart } from './venue-store.ts';

// What an administrator changes. The named fields are replaced, the others stay; each document has a version of its own. The documents are
// read anew in the unit: a change that was committed a moment ago may not have reached the runner's copy yet.

type Versioned<T> = T & { readonly version: number };
export type CalendarPatch = Partial<Omit<Calendar, 'openingHours'>> & { readonly openingHours?: Partial<Calendar['openingHours']> };
export type PoliciesPatch = { readonly [Group in keyof Policies]?: Partial<Policies[Group]> };

export async function changeSettings(unit: Unit, patch: Partial<Settings>, ifMatch?: number): Promise<Versioned<Settings>> {
  const before = await loadVenue(unit.db);
  const settings: Settings = { ...before.settings, ...patch };
  if (patch.timezone !== undefined) requireZone(patch.timezone);
  if (patch.locale !== undefined) requireLocale(patch.locale);
  if (patch.locations) await requireLocations(unit, patch.locations);
  if (settings.timezone !== before.settings.timezone) await rezoneDeadlines(unit, before.settings.timezone, settings.timezone);
  const version = await save(unit, before, 'venue', settings, ifMatch, Object.keys(patch));
  return { ...settings, version };
}

/** The policies as they would be after the patch. A table of rules needs its last row: what it says for all the rest stays unless it is named. */
export function mergePolicies(before: Policies, patch: PoliciesPatch): Policies {
  const policies = Object.fromEntries(Object.entries(before).map(([group, fields]) => [group, { ...fields, ...patch[group as keyof Policies] }])) as unknown as Policies;
  policies.loans.days = withDefault(policies.loans.days, before.loans.days);
  policies.fines.perDay = withDefault(policies.fines.perDay, before.fines.perDay);
  return policies;
}

/** Each group is merged by its fields: `{ sessions: { dailyMinutes: 60 } }` leaves the other limits of sessions as they are. */
export async function changePolicies(unit: Unit, patch: PoliciesPatch, ifMatch?: number): Promise<Versioned<Policies>> {
  const venue = await loadVenue(unit.db);
  const policies = mergePolicies(venue.policies, patch);
  const version = await save(unit, venue, 'policies', policies, ifMatch, Object.keys(patch));
  return { ...policies, version };
}

/**
 * Opening hours and closed days. A day that this closes moves the loans due on it, an earlier closing cuts running sessions, and an opening
 * that it ends at this moment ends all that goes on [CAL2]; taking the change back puts the due dates back.
 */
export async function changeCalendar(unit: Unit, patch: CalendarPatch, ifMatch?: number): Promise<Versioned<Calendar>> {
  const before = await loadVenue(unit.db);
  const calendar: Calendar = { ...before.calendar, ...patch, openingHours: { ...before.calendar.openingHours, ...patch.openingHours } };
  requireCalendar(calendar);
  const version = await save(unit, before, 'calendar', calendar, ifMatch, Object.keys(patch));
  const after: Venue = { ...before, calendar };
  if (opensAtAll(unit, after)) await redateLoans(unit, before, after);
  await endSessionsByClosing(unit, after);
  if (isOpen(unit.now, before) && !isOpen(unit.now, after)) {
    unit.send({ all: true }, 'system_announcement', { message: 'The library closes now.', urgency: 'HIGH', closesAt: unit.at });
    await closeNow({ ...unit, venue: after });
  }
  return { ...calendar, version };
}

async function save(unit: Unit, before: Venue, key: 'venue' | 'policies' | 'calendar', value: Settings | Policies | Calendar, ifMatch: number | undefined, fields: string[]): Promise<number> {
  const current = before.versions[key];
  if (ifMatch !== undefined && ifMatch !== current) throw stale(current);
  await saveVenuePart(unit.db, key, value, current + 1, unit.at);
  unit.venueChanged();
  unit.audit({ action: 'SETTINGS_CHANGED', entity: key, details: { fields } });
  return current + 1;
}

function withDefault(table: Record<string, number>, before: Record<string, number>): Record<string, number> {
  const rest = table['default'] ?? before['default'];
  return rest === undefined ? table : { ...table, default: rest };
}

function requireZone(zone: string): void {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
  } catch {
    throw invalid('body.timezone', 'Not a zone that is known here. An IANA name such as Asia/Manila is needed.');
  }
}

function requireLocale(locale: string): void {
  try {
    Intl.getCanonicalLocales(locale);
  } catch {
    throw invalid('body.locale', 'Not a language tag such as en or fil-PH.');
  }
}

async function requireLocations(unit: Unit, locations: Settings['locations']): Promise<void> {
  const names = new Set(locations.map((location) => location.name.trim().toLowerCase()));
  if (names.size < locations.length) throw invalid('body.locations', 'Two locations have the same name.');
  for (const [name, inside] of await insideByLocation(unit.db)) {
    if (!names.has(name.toLowerCase())) throw conflict('LOCATION_IN_USE', `${inside} are inside ${name}. Move or check them out before it goes.`, { location: name, inside });
  }
}

function requireCalendar(calendar: Calendar): void {
  for (const [day, hours] of Object.entries(calendar.openingHours)) requireHours(`body.openingHours.${day}`, hours);
  const dates = new Set<string>();
  for (const [index, exception] of calendar.exceptions.entries()) {
    requireHours(`body.exceptions.${index}.hours`, exception.hours);
    if (dates.has(exception.date)) throw invalid(`body.exceptions.${index}.date`, `${exception.date} is named twice.`);
    dates.add(exception.date);
  }
}

function requireHours(path: string, hours: readonly Interval[]): void {
  const sorted = hours.toSorted((a, b) => a.open.localeCompare(b.open));
  for (const [index, { open, close }] of sorted.entries()) {
    if (open >= close) throw invalid(path, `An opening from ${open} to ${close} has no length.`);
    const next = sorted[index + 1];
    if (next && next.open < close) throw invalid(path, `The openings ${open}–${close} and ${next.open}–${next.close} overlap.`);
  }
}

/** A calendar that never opens again has no day to move loans to: they stay where they are. */
function opensAtAll(unit: Unit, venue: Venue): boolean {
  try {
    nextOpenDay(unit.at.slice(0, 10), venue);
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'AlwaysClosedError') return false;
    throw error;
  }
}
