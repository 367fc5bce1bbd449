import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkIn } from '../src/domain/attendance.ts';
import { DEFAULT_POLICIES } from '../src/domain/venue.ts';
import { changeCalendar, changePolicies, changeSettings } from '../src/domain/venue-changes.ts';
import { openDesk, type Desk } from './desk.ts';
import { addPupil } from './holdings.ts';

let desk: Desk;
beforeEach(async () => void (desk = await openDesk()));
afterEach(() => desk.close());

describe('settings', () => {
  it('replace the named fields, and hold for the next command', async () => {
    expect(await desk.run((unit) => changeSettings(unit, { venueName: 'St. Rita' }))).toMatchObject({ venueName: 'St. Rita', timezone: 'Asia/Manila', version: 2 });
    expect(desk.runner.venue.settings.venueName).toBe('St. Rita');
  });

  it('lose no change when two are made at once', async () => {
    await Promise.all([desk.run((unit) => changeSettings(unit, { venueName: 'St. Rita' })), desk.run((unit) => changeSettings(unit, { locale: 'fil' }))]);
    expect(desk.runner.venue.settings).toMatchObject({ venueName: 'St. Rita', locale: 'fil' });
    expect(desk.runner.venue.versions.venue).toBe(3);
  });

  it('are guarded by their version', async () => {
    await desk.run((unit) => changeSettings(unit, { venueName: 'A' }, 1));
    await expect(desk.run((unit) => changeSettings(unit, { venueName: 'B' }, 1))).rejects.toMatchObject({ status: 412, details: { version: 2 } });
  });

  it.each([
    [{ timezone: 'Mars/Olympus' }, 'body.timezone'],
    [{ locale: '??' }, 'body.locale'],
    [{ locations: [{ name: 'A', capacity: 1 }, { name: 'a ', capacity: 1 }] }, 'body.locations'],
  ])('refuse %j', async (patch, path) => {
    await expect(desk.run((unit) => changeSettings(unit, patch))).rejects.toMatchObject({ status: 400, errors: [{ path }] });
  });

  it('[ATT3] do not take a location away from under those inside', async () => {
    const person = await addPupil(desk, 1);
    await desk.run((unit) => checkIn(unit, { personId: person.id, location: 'AVR Room' }));
    await expect(desk.run((unit) => changeSettings(unit, { locations: [{ name: 'Main Library', capacity: 60 }] }))).rejects.toMatchObject({ code: 'LOCATION_IN_USE' });
  });
});

describe('policies', () => {
  it('keep what a group does not name', async () => {
    await desk.run((unit) => changePolicies(unit, { sessions: { dailyMinutes: 60 } }));
    expect(desk.runner.venue.policies).toEqual({ ...DEFAULT_POLICIES, sessions: { ...DEFAULT_POLICIES.sessions, dailyMinutes: 60 } });
  });

  it('[CIR1] keep the row for all the rest', async () => {
    await desk.run((unit) => changePolicies(unit, { loans: { days: { FIC: 14 } } }));
    expect(desk.runner.venue.policies.loans.days).toEqual({ FIC: 14, default: 3 });
  });
});

describe('the calendar', () => {
  it('[CAL1] changes one weekday without the others', async () => {
    await desk.run((unit) => changeCalendar(unit, { openingHours: { sat: [{ open: '08:00', close: '12:00' }] } }));
    const { openingHours } = desk.runner.venue.calendar;
    expect([openingHours.sat, openingHours.mon]).toEqual([[{ open: '08:00', close: '12:00' }], [{ open: '07:30', close: '17:00' }]]);
  });

  it.each([
    [[{ open: '12:00', close: '12:00' }], 'no length'],
    [[{ open: '08:00', close: '12:00' }, { open: '11:00', close: '15:00' }], 'overlap'],
  ])('[CAL1] refuses hours that cannot be: %j', async (hours, words) => {
    await expect(desk.run((unit) => changeCalendar(unit, { exceptions: [{ date: '2025-10-15', hours, reason: '' }] }))).rejects.toThrow(words);
  });

  it('[CAL1] may close for good without failing', async () => {
    const never = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
    expect((await desk.run((unit) => changeCalendar(unit, { openingHours: never }))).openingHours).toEqual(never);
  });

  it('is written to the audit with the fields that changed', async () => {
    await desk.run((unit) => changeCalendar(unit, { closedDays: [{ date: '2025-12-25', yearly: true, reason: 'Christmas' }] }));
    expect(await desk.runner.db.selectFrom('audit').select(['action', 'entity', 'details']).execute()).toEqual([{ action: 'SETTINGS_CHANGED', entity: 'calendar', details: JSON.stringify({ fields: ['closedDays'] }) }]);
  });
});
