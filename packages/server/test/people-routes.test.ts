import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Person } from '../src/domain/person.ts';
import { DeskCard } from '../src/domain/person-card.ts';
import { Emergency } from '../src/domain/emergency.ts';
import { EmergencyReport } from '../src/domain/emergency-report.ts';
import { ScanAnswer } from '../src/domain/scan-answer.ts';
import { Visit } from '../src/domain/visit.ts';
import { activityRoutes } from '../src/http/routes/activities.ts';
import { dashboardRoutes } from '../src/http/routes/dashboard.ts';
import { emergencyRoutes } from '../src/http/routes/emergencies.ts';
import { peopleRoutes } from '../src/http/routes/people.ts';
import { scanRoutes } from '../src/http/routes/scans.ts';
import { settingsRoutes } from '../src/http/routes/settings.ts';
import { visitRoutes } from '../src/http/routes/visits.ts';
import { bearer, openSchoolServer, type SchoolServer } from './school-server.ts';

let school: SchoolServer;
let token: string;
beforeEach(async () => {
  school = await openSchoolServer({ routes: () => [...peopleRoutes(() => undefined), ...visitRoutes, ...scanRoutes, ...activityRoutes, ...emergencyRoutes, ...dashboardRoutes, ...settingsRoutes] });
  token = await school.signIn('ana', 'ADMIN');
});
afterEach(() => school.close());

async function call(method: 'GET' | 'POST' | 'PATCH', url: string, payload?: Record<string, unknown>, headers: Record<string, string> = {}) {
  const answer = await school.inject({ method, url, headers: { ...bearer(token), ...headers }, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.json() };
}
/** The answer of a success, which must be what the documentation says. */
async function made(schema: TSchema, ...request: Parameters<typeof call>) {
  const { status, body } = await call(...request);
  expect([200, 201], JSON.stringify(body)).toContain(status);
  expect([...Compile(schema).Errors(body)]).toEqual([]);
  return body;
}
const AYA = { schoolId: '20240012', surname: 'Peñaflor', givenName: 'Aya', gradeLevel: '11', strand: 'STEM 1', section: 'ST. RITA' };
const audited = async () => (await school.desk.runner.db.selectFrom('audit').select(['action', 'details']).where('entity', '=', 'person').execute()) as { action: string; details: string }[];

describe('the routes of people', () => {
  it('[PPL1][PPL2] add, change under a version, and refuse what is taken', async () => {
    const aya = await made(Person, 'POST', '/api/students', AYA);
    expect(aya).toMatchObject({ kind: 'STUDENT', barcode: '20240012', gradeLevel: '11', strand: 'STEM 1', gradeCategory: 'SENIOR_HIGH', active: true, version: 1 });
    expect(await call('POST', '/api/students', { ...AYA, schoolId: '20240012*' })).toMatchObject({ status: 409, body: { code: 'SCHOOL_ID_TAKEN' } });
    expect(await call('POST', '/api/students', { ...AYA, schoolId: '7', barcode: '*20240012*' })).toMatchObject({ status: 409, body: { code: 'BARCODE_TAKEN', details: { personId: aya.id } } });
    expect(await made(Person, 'PATCH', `/api/students/${aya.id}`, { gradeLevel: '12' }, { 'if-match': '1' })).toMatchObject({ gradeLevel: '12', strand: null, version: 2 });
    expect(await call('PATCH', `/api/students/${aya.id}`, { gradeLevel: '9' }, { 'if-match': '1' })).toMatchObject({ status: 412 });
    expect(await call('PATCH', `/api/students/${aya.id}`, { gradeLevel: '13' })).toMatchObject({ status: 400, body: { errors: [{ path: 'body.gradeLevel' }] } });
    expect(await call('GET', '/api/students/person_nobody')).toMatchObject({ status: 404 });
  });

  it('[PPL1] list by name in pages whose cursor holds no name', async () => {
    for (const [index, surname] of ['Zamora', 'Ábalos', 'Peñaflor'].entries()) await call('POST', '/api/students', { ...AYA, schoolId: `100${index}`, surname });
    const first = (await call('GET', '/api/students?limit=2')).body;
    expect(first.items.map((person: { surname: string }) => person.surname)).toEqual(['Ábalos', 'Peñaflor']);
    expect(Buffer.from(first.nextCursor, 'base64url').toString()).not.toMatch(/aflor/);
    const second = (await call('GET', `/api/students?limit=2&cursor=${first.nextCursor}`)).body;
    expect([second.items.map((person: { surname: string }) => person.surname), second.nextCursor]).toEqual([['Zamora'], null]);
  });

  it.each([
    ['penaflor', 1],
    ['AYA peña', 1],
    ['20240012', 1],
    ['2024', 1],
    ['aya cruz', 0],
    ['%', 0],
    [' ', 0],
  ])('[PPL1] search "%s"', async (text, count) => {
    await call('POST', '/api/students', AYA);
    expect((await call('POST', '/api/students/search', { text })).body.items).toHaveLength(count);
  });

  it('write down who looked whom up, without what was typed', async () => {
    const aya = await made(Person, 'POST', '/api/students', AYA);
    await call('POST', '/api/students/search', { text: 'Peñaflor' });
    await made(DeskCard, 'GET', `/api/students/${aya.id}/card`);
    await call('GET', `/api/students/${aya.id}/history`);
    await call('GET', `/api/students/${aya.id}/export`);
    const entries = await audited();
    expect(entries.map(({ action }) => action)).toEqual(['PERSON_CREATED', 'PEOPLE_SEARCHED', 'PERSON_VIEWED', 'PERSON_HISTORY_VIEWED', 'PERSON_EXPORTED']);
    expect(JSON.stringify(entries)).not.toMatch(/aflor/i);
  });

  it('[PRV2] let only an administrator erase', async () => {
    const aya = await made(Person, 'POST', '/api/students', AYA);
    token = await school.signIn('ben', 'LIBRARIAN');
    expect(await call('POST', `/api/students/${aya.id}/erase`, { reason: 'left' })).toMatchObject({ status: 403 });
  });
});

describe('the routes of attendance', () => {
  it('[ATT1] check in by card, list who is inside, move, check out', async () => {
    const aya = await made(Person, 'POST', '/api/students', AYA);
    const visit = await made(Visit, 'POST', '/api/visits', { barcode: '20240012', location: 'Main Library' });
    expect(visit).toMatchObject({ studentId: aya.id, location: 'Main Library', checkedOutAt: null, endedBy: null });
    expect(await call('POST', '/api/visits', { studentId: aya.id, location: 'Main Library' })).toMatchObject({ status: 409, body: { code: 'ALREADY_INSIDE', details: { id: visit.id } } });
    expect((await call('GET', '/api/visits?open=true')).body.items).toMatchObject([{ id: visit.id, studentName: 'Peñaflor, Aya', section: 'ST. RITA' }]);
    const grade = (await call('GET', '/api/visits?open=true')).body.items[0].gradeCategory as string;
    expect((await call('GET', `/api/visits?open=true&gradeCategory=${grade}`)).body.items).toHaveLength(1);
    expect((await call('GET', '/api/visits?open=true&gradeCategory=PERSONNEL')).body.items).toEqual([]);
    expect(await made(Visit, 'PATCH', `/api/visits/${visit.id}`, { location: 'AVR Room' })).toMatchObject({ location: 'AVR Room', version: 2 });
    expect(await made(Visit, 'POST', `/api/visits/${visit.id}/checkout`)).toMatchObject({ endedBy: 'STAFF' });
    expect((await call('GET', '/api/visits?open=true')).body).toEqual({ items: [], nextCursor: null });
    expect((await call('GET', '/api/activities')).body.items.map((activity: { activityType: string }) => activity.activityType)).toEqual(['CHECK_OUT', 'CHECK_IN']);
    expect((await call('GET', '/api/dashboard')).body.metrics).toMatchObject({ occupancy: 0, visitsToday: 1, capacity: 110 });
  });

  it.each([
    [{ location: 'Main Library' }, 400],
    [{ studentId: 'person_x', barcode: '1', location: 'Main Library' }, 400],
    [{ barcode: '404', location: 'Main Library' }, 404],
    [{ studentId: 'person_x', location: 'Main Library' }, 404],
    [{ studentId: 'person_x' }, 400],
  ])('refuse %j with %i', async (body, status) => expect((await call('POST', '/api/visits', body)).status).toBe(status));

  it('[SCN1] scan, list exceptions and settle them once', async () => {
    await call('POST', '/api/students', AYA);
    expect(await made(ScanAnswer, 'POST', '/api/scans', { barcode: '20240012', station: 'door' })).toMatchObject({ result: 'CHECKED_IN', notices: [] });
    expect(await made(ScanAnswer, 'POST', '/api/scans', { barcode: 'nothing', station: 'door' })).toMatchObject({ result: 'UNKNOWN' });
    const [entry] = (await call('GET', '/api/scans/exceptions?resolved=false')).body.items;
    expect(entry).toMatchObject({ kind: 'UNKNOWN_BARCODE', barcode: 'nothing' });
    expect(await call('POST', `/api/scans/exceptions/${entry.id}/resolve`)).toMatchObject({ status: 200, body: { resolvedBy: 'ana' } });
    expect(await call('POST', `/api/scans/exceptions/${entry.id}/resolve`)).toMatchObject({ status: 409 });
  });
});

describe('the routes of emergencies', () => {
  it('[EMG1][EMG2][EMG3] raise, tick, clear and report', async () => {
    const aya = await made(Person, 'POST', '/api/students', AYA);
    await call('POST', '/api/visits', { studentId: aya.id, location: 'Main Library' });
    const { id } = await made(Emergency, 'POST', '/api/emergencies', { severity: 'CRITICAL', message: 'Fire' });
    expect((await call('GET', '/api/emergencies/active')).body.items).toMatchObject([{ id, counts: { inside: 1 } }]);
    expect(await made(Emergency, 'POST', `/api/emergencies/${id}/roll-call/${aya.id}`, { state: 'SAFE' })).toMatchObject({ counts: { safe: 1, unaccounted: 0 } });
    expect(await call('POST', `/api/emergencies/${id}/roll-call/${aya.id}`, { state: 'HOME' })).toMatchObject({ status: 400 });
    expect(await made(Emergency, 'POST', `/api/emergencies/${id}/all-clear`)).toMatchObject({ state: 'ALL_CLEAR' });
    expect((await call('GET', '/api/emergencies?limit=1')).body).toMatchObject({ items: [{ id, state: 'ALL_CLEAR', counts: { inside: 1, safe: 1 } }], nextCursor: null });
    expect(await made(EmergencyReport, 'GET', `/api/emergencies/${id}`)).toMatchObject({ ticks: [{ personId: aya.id, state: 'SAFE' }] });
  });
});

describe('the routes of settings', () => {
  it('answer and change each document, for administrators', async () => {
    expect((await call('GET', '/api/settings')).body).toMatchObject({ venueName: 'School Library', timezone: 'Asia/Manila', version: 1 });
    expect((await call('PATCH', '/api/settings', { venueName: 'St. Rita' }, { 'if-match': '1' })).body).toMatchObject({ venueName: 'St. Rita', version: 2 });
    expect(await call('PATCH', '/api/settings', { venueName: '' })).toMatchObject({ status: 400 });
    expect((await call('PATCH', '/api/policies', { attendance: { dedupeSeconds: 3 } })).body.attendance).toEqual({ dedupeSeconds: 3, minimumStayMinutes: 5, capacityWarningPercent: 80 });
    expect((await call('PATCH', '/api/calendar', { closedDays: [{ date: '2024-02-29', yearly: true, reason: 'Leap day' }] })).body.closedDays).toHaveLength(1);
    expect(await call('PATCH', '/api/calendar', { closedDays: [{ date: '2025-02-30', yearly: true, reason: '' }] })).toMatchObject({ status: 400 });
    expect((await call('GET', '/api/retention')).body.items).toContainEqual({ step: 'scans go', days: 30, rows: 0 });
    token = await school.signIn('ben', 'LIBRARIAN');
    expect(await call('GET', '/api/policies')).toMatchObject({ status: 403 });
  });
});
