import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config/config.ts';
import { openSocket } from './app-socket.ts';
import { documentedCaller, type DocumentedCaller } from './documented-caller.ts';

const login = { username: 'ana', password: 'correct horse battery' };
const folder = mkdtempSync(join(tmpdir(), 'clms-walk-'));
let app: App;
let api: DocumentedCaller;

beforeAll(async () => {
  const env = { CLMS_HTTP_PORT: '0', CLMS_WS_PORT: 'off', CLMS_DATABASE_URL: 'memory:', CLMS_DATA_DIR: folder, CLMS_TEST_CLOCK: 'on', CLMS_ADMIN_USERNAME: login.username, CLMS_ADMIN_PASSWORD: login.password, CLMS_TIMEZONE: 'Asia/Manila' };
  app = await startApp({ config: readConfig({ env }), log: pino({ level: 'silent' }), version: '1.2.3' });
  api = await documentedCaller(app.httpUrl, login);
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

const get = async (path: string): Promise<any> => (await api.call('GET', path)).body;
const post = async (path: string, body?: unknown): Promise<any> => (await api.call('POST', path, body)).body;
const patch = async (path: string, body: unknown): Promise<any> => (await api.call('PATCH', path, body)).body;

/** Left out of the walk: what a server with an administrator answers 410 to, what needs a cookie, and what fills an empty library. */
const ELSEWHERE = ['POST /api/setup', 'POST /api/auth/refresh', 'POST /api/demo-school'];

// Always open, so that the walk does not depend on the day it is taken.
const day = [{ open: '00:00', close: '24:00' }];
const openingHours = { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day };

describe('every answer is as the API’s description says, field by field', () => {
  it('accounts, devices, keys', async () => {
    await post('/api/auth/login', login);
    await post('/api/auth/login', { ...login, password: 'wrong' });
    await get('/api/auth/me');
    await post('/api/auth/ws-ticket');
    await get('/api/setup');
    const user = await post('/api/users', { username: 'ben', password: 'correct horse battery', role: 'STAFF', displayName: 'Ben' });
    await patch(`/api/users/${user.id}`, { role: 'LIBRARIAN' });
    await get(`/api/users/${user.id}`);
    await get('/api/users?limit=1');
    const device = await post('/api/devices', { name: 'Door', role: 'KIOSK', station: 'door', location: 'Main Library' });
    await post('/api/devices/pair', { code: device.code });
    await patch(`/api/devices/${device.id}`, { name: 'Front door' });
    await get(`/api/devices/${device.id}`);
    await get('/api/devices');
    await api.call('DELETE', `/api/devices/${device.id}`);
    const key = await post('/api/api-keys', { name: 'cron', scopes: ['publish', 'metrics', 'read'] });
    await get('/api/api-keys');
    await api.call('DELETE', `/api/api-keys/${key.id}`);
    await get('/api/audit?limit=5');
  });

  it('the venue', async () => {
    for (const [path, change] of [['/api/settings', { venueName: 'Library' }], ['/api/policies', { loans: { maxLoans: 5 } }], ['/api/calendar', { openingHours, closedDays: [], exceptions: [] }]] as const) {
      await get(path);
      await patch(path, change);
    }
    await post('/api/policies/preview', { loans: { days: { FIC: 9, default: 3 } } });
    for (const path of ['/api/venue', '/api/retention', '/api/dashboard']) await get(path);
  });

  it('people, visits, scans', async () => {
    const person = await post('/api/students', { schoolId: '1', surname: 'Reyes', givenName: 'Aya', gradeLevel: '4' });
    await patch(`/api/students/${person.id}`, { section: 'Rizal' });
    await api.call('PATCH', `/api/students/${person.id}`, { section: 'Luna' }, { 'if-match': '1' });
    await get('/api/students');
    await post('/api/students/search', { text: 'reyes' });
    const visit = await post('/api/visits', { studentId: person.id, location: 'Main Library' });
    await post('/api/visits', { studentId: person.id, location: 'Main Library' });
    await patch(`/api/visits/${visit.id}`, { location: 'AVR Room' });
    await get('/api/visits?open=true');
    await get(`/api/visits/${visit.id}`);
    await post(`/api/visits/${visit.id}/checkout`);
    await post('/api/scans', { barcode: '1', station: 'door' });
    await post('/api/scans', { barcode: '1', station: 'door' });
    await post('/api/scans', { barcode: 'nobody', station: 'door' });
    const { items } = await get('/api/scans/exceptions');
    await post(`/api/scans/exceptions/${items[0].id}/resolve`);
    await get('/api/activities');
    for (const more of ['', '/card', '/history', '/export']) await get(`/api/students/${person.id}${more}`);
    const gone = await post('/api/students', { schoolId: '2', surname: 'Cruz', givenName: 'Ben', gradeLevel: '5' });
    await post(`/api/students/${gone.id}/erase`, { reason: 'asked for' });
  });

  it('equipment', async () => {
    const [first, second] = [await post('/api/students', { schoolId: '3', surname: 'Diaz', givenName: 'Cara', gradeLevel: '8' }), await post('/api/students', { schoolId: '4', surname: 'Lim', givenName: 'Dan', gradeLevel: '9' })];
    const item = await post('/api/equipment', { name: 'PC 1', type: 'COMPUTER', location: 'Main Library', seats: 1, barcode: 'PC1', maxMinutes: 60 });
    await patch(`/api/equipment/${item.id}`, { maxMinutes: 90 });
    await get(`/api/equipment/${item.id}/bound?studentId=${first.id}`);
    const session = await post(`/api/equipment/${item.id}/sessions`, { studentId: first.id, minutes: 20 });
    await post(`/api/equipment/${item.id}/sessions`, { studentId: second.id });
    await get(`/api/sessions/${session.id}/bound`);
    await post(`/api/sessions/${session.id}/extend`, {});
    const waiting = await post('/api/equipment/queue', { type: 'COMPUTER', studentId: second.id });
    for (const path of ['/api/equipment', `/api/equipment/${item.id}`, '/api/sessions', `/api/sessions/${session.id}`, '/api/equipment/queue']) await get(path);
    await post(`/api/sessions/${session.id}/end`, { reason: 'done' });
    await get('/api/equipment/queue');
    await api.call('DELETE', `/api/equipment/queue/${waiting.id}`);
  });

  it('circulation', async () => {
    const [first, second] = [await post('/api/students', { schoolId: '5', surname: 'Go', givenName: 'Eva', gradeLevel: '8' }), await post('/api/students', { schoolId: '6', surname: 'Tan', givenName: 'Fay', gradeLevel: '9' })];
    const [book, other] = [await post('/api/books', { barcode: 'B1', title: 'Noli Me Tangere', author: 'Rizal', collectionCode: 'FIC', year: 1887, price: 25000 }), await post('/api/books', { barcode: 'B2', title: 'Florante at Laura' })];
    await patch(`/api/books/${book.id}`, { note: 'cover worn' });
    const loan = await post('/api/loans', { bookId: book.id, studentId: first.id });
    await post('/api/loans', { bookId: book.id, studentId: second.id });
    await post(`/api/loans/${loan.id}/renew`);
    const hold = await post('/api/holds', { bookId: book.id, studentId: second.id });
    await post(`/api/loans/${loan.id}/return`);
    const lost = await post('/api/loans', { bookId: other.id, studentId: first.id });
    for (const path of ['/api/books', `/api/books/${book.id}`, '/api/loans', '/api/loans?overdue=true', `/api/loans/${loan.id}`, '/api/holds', `/api/holds/${hold.id}`]) await get(path);
    await api.call('DELETE', `/api/holds/${hold.id}`);
    await post(`/api/loans/${lost.id}/lost`);
  });

  it('notices, chat, emergencies', async () => {
    const notice = await post('/api/notifications', { title: 'Staff meeting', message: 'at three', priority: 'HIGH', category: 'USER', recipients: { roles: ['ADMIN'] }, requiresAck: true });
    await post(`/api/notifications/${notice.id}/ack`, {});
    await get('/api/notifications');
    await post('/api/chat/staff/messages', { text: 'hello', clientMessageId: 'm1' });
    await get('/api/chat/staff/messages');
    await get('/api/chat');
    const inside = await post('/api/students', { schoolId: '7', surname: 'Uy', givenName: 'Gil', gradeLevel: '1' });
    await post('/api/visits', { studentId: inside.id, location: 'Main Library' });
    const emergency = await post('/api/emergencies', { severity: 'HIGH', message: 'drill', location: 'Main Library' });
    await post(`/api/emergencies/${emergency.id}/roll-call/${inside.id}`, { state: 'SAFE' });
    await get('/api/emergencies/active');
    await get('/api/emergencies');
    await get(`/api/emergencies/${emergency.id}`);
    await post(`/api/emergencies/${emergency.id}/all-clear`);
    await post(`/api/emergencies/${emergency.id}/all-clear`);
  });

  it('analytics and imports', async () => {
    for (const series of ['visits', 'equipment', 'circulation']) {
      await get(`/api/analytics/${series}?groupBy=day&compare=previous`);
      await get(`/api/analytics/${series}?groupBy=day&format=csv`);
      await get(`/api/analytics/${series}?groupBy=moon`);
    }
    const sheet = 'User ID,Surname,First Name,Grade Level,Section,Designation,Sex\n9,Sy,Hana,GRADE 2,X,Student,F\n';
    expect((await api.upload('/api/imports?kind=students&dryRun=true', sheet)).body.status).toBe('PREVIEWED');
    const { body } = await api.upload('/api/imports?kind=students', sheet);
    await api.upload('/api/imports?kind=pupils', sheet);
    await get(`/api/imports/${body.id}`);
    await get('/api/imports');
  });

  it('the real-time server, health, documents', async () => {
    const socket = await openSocket(app, api.token);
    const { clientId } = socket.frames[0]!.data;
    await post('/api/realtime/publish', { target: { all: true }, type: 'hello_there', data: { a: 1 } });
    await post('/api/realtime/publish', [{ target: { topic: 'nothing' }, type: 'hello_there', data: {} }]);
    for (const path of ['/api/websocket/status', '/api/websocket/connections', '/api/realtime/poll?timeout=0&subscribe=[]', '/api/realtime/poll?subscribe=7', '/health', '/health/live', '/health/ready', '/metrics', '/api/openapi.json', '/api/asyncapi.json', '/api/docs']) await get(path);
    await api.call('DELETE', `/api/websocket/connections/${clientId}`);
    await post('/api/test/clock', { advance: 'PT1S' });
    await post('/api/auth/logout');
    socket.close();
  });

  it('and no operation was left out', () => {
    expect(api.differences).toEqual([]);
    const described = Object.entries(api.document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    expect(described.filter((operation) => !api.succeeded.has(operation))).toEqual([...ELSEWHERE, 'GET /api/realtime/events'].toSorted((a, b) => described.indexOf(a) - described.indexOf(b)));
  });
});
