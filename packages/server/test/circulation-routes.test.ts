import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Book } from '../src/domain/books.ts';
import { EquipmentDetail } from '../src/domain/equipment-view.ts';
import { Hold } from '../src/domain/holds.ts';
import { Loan } from '../src/domain/loan-view.ts';
import { Notice } from '../src/domain/notices.ts';
import { Session } from '../src/domain/sessions.ts';
import { WaitingEntry } from '../src/domain/waiting-list.ts';
import { bookRoutes } from '../src/http/routes/books.ts';
import { chatRoutes } from '../src/http/routes/chat.ts';
import { equipmentRoutes } from '../src/http/routes/equipment.ts';
import { holdRoutes } from '../src/http/routes/holds.ts';
import { loanRoutes } from '../src/http/routes/loans.ts';
import { notificationRoutes } from '../src/http/routes/notifications.ts';
import { sessionRoutes } from '../src/http/routes/sessions.ts';
import { waitingListRoutes } from '../src/http/routes/waiting-list.ts';
import { addPupil } from './holdings.ts';
import { bearer, openSchoolServer, type SchoolServer } from './school-server.ts';

const ROUTES = [...equipmentRoutes, ...sessionRoutes, ...waitingListRoutes, ...bookRoutes, ...loanRoutes, ...holdRoutes, ...notificationRoutes, ...chatRoutes];
let school: SchoolServer;
let token: string;
let pupils: string[];
beforeEach(async () => {
  school = await openSchoolServer({ routes: () => ROUTES });
  token = await school.signIn('ana', 'STAFF');
  pupils = (await Promise.all([1, 2, 3].map((number) => addPupil(school.desk, number)))).map((person) => person.id);
});
afterEach(() => school.close());

async function call(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: Record<string, unknown>, headers: Record<string, string> = {}) {
  const answer = await school.inject({ method, url, headers: { ...bearer(token), ...headers }, ...(payload && { payload }) });
  return { status: answer.statusCode, body: answer.json() };
}
/** The answer of a success, which must be what the documentation says. */
async function made(schema: TSchema, ...request: Parameters<typeof call>): Promise<Record<string, never>> {
  const { status, body } = await call(...request);
  expect([200, 201], JSON.stringify(body)).toContain(status);
  expect([...Compile(schema).Errors(body)]).toEqual([]);
  return body;
}

describe('the routes of equipment', () => {
  it('add, change, list and show items', async () => {
    const pc = await made(EquipmentDetail, 'POST', '/api/equipment', { name: 'PC 1', type: 'computer', location: 'Main Library', barcode: 'EQ-1', maxMinutes: 60 });
    expect(pc).toMatchObject({ type: 'COMPUTER', seats: 1, status: 'AVAILABLE', sessions: [], waiting: 0, version: 1 });
    expect(await made(EquipmentDetail, 'PATCH', `/api/equipment/${pc.id}`, { status: 'MAINTENANCE', reason: 'Disk' }, { 'if-match': '1' })).toMatchObject({ status: 'MAINTENANCE', statusReason: 'Disk', version: 2 });
    expect(await call('PATCH', `/api/equipment/${pc.id}`, { name: 'PC 9' }, { 'if-match': '1' })).toMatchObject({ status: 412 });
    expect((await call('GET', '/api/equipment?type=Computer')).body).toMatchObject({ items: [{ id: pc.id }], nextCursor: null });
    expect((await call('GET', `/api/equipment/${pc.id}`)).body).toMatchObject({ name: 'PC 1' });
    expect(await call('POST', '/api/equipment', { name: 'PC 2', type: 'COMPUTER', location: 'Main Library', colour: 'red' })).toMatchObject({ status: 400, body: { errors: [{ path: 'body.colour' }] } });
    expect(await call('PATCH', `/api/equipment/${pc.id}`, { colour: 'red' })).toMatchObject({ status: 400 });
  });

  it('start, extend and end sessions, and show the bound first', async () => {
    const pc = await made(EquipmentDetail, 'POST', '/api/equipment', { name: 'PC 1', type: 'COMPUTER', location: 'Main Library' });
    expect((await call('GET', `/api/equipment/${pc.id}/bound?studentId=${pupils[0]}`)).body).toEqual({ minutes: 90, reason: 'CATEGORY' });
    const session = await made(Session, 'POST', `/api/equipment/${pc.id}/sessions`, { studentId: pupils[0], minutes: 30 });
    expect(session).toMatchObject({ status: 'ACTIVE', bound: { minutes: 90, reason: 'CATEGORY' } });
    expect(await call('POST', `/api/equipment/${pc.id}/sessions`, { studentId: pupils[1] })).toMatchObject({ status: 409, body: { code: 'SEAT_TAKEN', details: { sessionId: session.id, studentId: pupils[0] } } });
    expect((await call('GET', `/api/sessions/${session.id}/bound`)).body).toEqual({ minutes: 15, reason: 'EXTENSION' });
    expect(await made(Session, 'POST', `/api/sessions/${session.id}/extend`, {})).toMatchObject({ extensions: 1 });
    expect((await call('GET', '/api/sessions?open=true')).body).toMatchObject({ items: [{ id: session.id }] });
    expect(await made(Session, 'POST', `/api/sessions/${session.id}/end`, { reason: 'Class starts' })).toMatchObject({ status: 'COMPLETED', endReason: 'Class starts' });
    expect((await call('GET', '/api/sessions?open=true')).body).toMatchObject({ items: [] });
    expect((await call('GET', `/api/sessions?studentId=${pupils[0]}`)).body.items).toHaveLength(1);
  });

  it('run the waiting list', async () => {
    const pc = await made(EquipmentDetail, 'POST', '/api/equipment', { name: 'PC 1', type: 'COMPUTER', location: 'Main Library' });
    await made(Session, 'POST', `/api/equipment/${pc.id}/sessions`, { studentId: pupils[0] });
    const entry = await made(WaitingEntry, 'POST', '/api/equipment/queue', { type: 'computer', studentId: pupils[1] });
    expect(entry).toMatchObject({ number: 1, position: 1, status: 'WAITING' });
    expect((await call('GET', '/api/equipment/queue?type=COMPUTER')).body).toMatchObject({ items: [{ id: entry.id, studentName: 'Cruz, Pupil 2' }], nextCursor: null });
    expect(await made(WaitingEntry, 'DELETE', `/api/equipment/queue/${entry.id}`)).toMatchObject({ status: 'LEFT' });
    expect(await call('DELETE', '/api/equipment/queue/none')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });
});

describe('the routes of circulation', () => {
  it('add, find and change copies', async () => {
    const book = await made(Book, 'POST', '/api/books', { barcode: '000123', title: 'Noli Me Tangere', author: 'Rizal, José', collectionCode: 'FIC', isbn: '0140328696', price: 25_000 });
    expect(book).toMatchObject({ barcode: '000123', status: 'AVAILABLE', price: 25_000, callNumber: null });
    for (const search of ['barcode=000123', 'text=rizal%20noli', `titleId=${book.titleId}`]) expect((await call('GET', `/api/books?${search}`)).body, search).toMatchObject({ items: [{ id: book.id }] });
    expect((await call('GET', '/api/books?text=nothing')).body).toEqual({ items: [], nextCursor: null });
    expect(await made(Book, 'PATCH', `/api/books/${book.id}`, { note: 'Torn cover' })).toMatchObject({ note: 'Torn cover', version: 2 });
    expect(await made(Book, 'PATCH', `/api/books/${book.id}`, { year: 1887 }), 'a year as a number is kept as text').toMatchObject({ year: '1887', note: 'Torn cover' });
    expect((await call('GET', `/api/books/${book.id}`)).body).toMatchObject({ note: 'Torn cover' });
    expect(await call('POST', '/api/books', { barcode: 'X', title: 'T', price: 12.5 })).toMatchObject({ status: 400, body: { errors: expect.arrayContaining([expect.objectContaining({ path: 'body.price' })]) as unknown } });
  });

  it('page through books without losing or doubling one', async () => {
    for (let number = 1; number <= 7; number++) await made(Book, 'POST', '/api/books', { barcode: `B${number}`, title: `Title ${number % 3}` });
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const { body } = await call('GET', `/api/books?limit=3${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...body.items.map((book: { barcode: string }) => book.barcode));
      cursor = body.nextCursor;
    } while (cursor);
    expect(seen.toSorted()).toEqual(['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7']);
    expect(await call('GET', '/api/books?cursor=nonsense')).toMatchObject({ status: 400 });
  });

  it('lend, renew, reserve and take back', async () => {
    const book = await made(Book, 'POST', '/api/books', { barcode: 'A', title: 'Noli', collectionCode: 'FIC' });
    const loan = await made(Loan, 'POST', '/api/loans', { bookId: book.id, studentId: pupils[0] });
    expect(loan).toMatchObject({ dueAt: '2025-10-21T15:59:00.000Z', status: 'ACTIVE', title: 'Noli', studentName: 'Cruz, Pupil 1' });
    expect(await call('POST', '/api/loans', { bookId: book.id, studentId: pupils[1] })).toMatchObject({ status: 409, body: { code: 'BOOK_ON_LOAN', details: { loanId: loan.id } } });
    expect(await made(Loan, 'POST', `/api/loans/${loan.id}/renew`)).toMatchObject({ renewals: 1 });
    const hold = await made(Hold, 'POST', '/api/holds', { bookId: book.id, studentId: pupils[1] });
    expect(hold).toMatchObject({ status: 'WAITING', position: 1, titleId: book.titleId });
    expect((await call('GET', `/api/holds/${hold.id}`)).body).toEqual(hold);
    expect(await call('POST', `/api/loans/${loan.id}/renew`)).toMatchObject({ status: 409, body: { code: 'RESERVED' } });
    expect((await call('GET', '/api/loans?open=true')).body).toMatchObject({ items: [{ id: loan.id }] });
    expect((await call('GET', '/api/loans?overdue=true')).body).toMatchObject({ items: [] });
    expect(await made(Loan, 'POST', `/api/loans/${loan.id}/return`)).toMatchObject({ status: 'RETURNED', hold: { id: hold.id, status: 'READY' } });
    expect((await call('GET', `/api/holds?open=true&studentId=${pupils[1]}`)).body).toMatchObject({ items: [{ id: hold.id, readyUntil: '2025-10-17T15:59:00.000Z' }] });
    expect(await call('POST', '/api/loans', { bookId: book.id, studentId: pupils[2] })).toMatchObject({ status: 409, body: { code: 'HELD_FOR_ANOTHER' } });
    expect(await made(Hold, 'DELETE', `/api/holds/${hold.id}`)).toMatchObject({ status: 'CANCELLED' });
    const second = await made(Loan, 'POST', '/api/loans', { bookId: book.id, studentId: pupils[2] });
    expect(await made(Loan, 'POST', `/api/loans/${second.id}/lost`)).toMatchObject({ status: 'LOST' });
    expect((await call('GET', `/api/loans?studentId=${pupils[0]}`)).body).toMatchObject({ items: [{ id: loan.id, status: 'RETURNED' }] });
  });

  it('make one hold of a double click', async () => {
    const book = await made(Book, 'POST', '/api/books', { barcode: 'A', title: 'Noli' });
    const place = () => call('POST', '/api/holds', { bookId: book.id, studentId: pupils[0] }, { 'idempotency-key': 'click-1' });
    const [first, second] = await Promise.all([place(), place()]);
    expect([first.status, second.status, second.body.id]).toEqual([201, 201, first.body.id]);
  });
});

describe('the routes of notices and chat', () => {
  it('send, list and acknowledge notices', async () => {
    const notice = await made(Notice, 'POST', '/api/notifications', { title: 'Leak', message: 'PC 4', priority: 'HIGH', category: 'EQUIPMENT', recipients: { roles: ['STAFF'] }, requiresAck: true });
    expect((await call('GET', '/api/notifications?unacknowledged=true')).body).toMatchObject({ items: [{ id: notice.id, receipts: [] }] });
    expect((await call('POST', `/api/notifications/${notice.id}/ack`, { state: 'seen' })).body).toMatchObject({ state: 'seen', notice: { id: notice.id } });
    expect((await call('POST', `/api/notifications/${notice.id}/ack`)).body).toMatchObject({ state: 'acknowledged', notice: { acknowledgedBy: expect.any(String) as string } });
    expect((await call('GET', '/api/notifications?unacknowledged=true')).body).toEqual({ items: [], nextCursor: null });
    expect((await call('GET', '/api/notifications')).body.items[0].receipts).toHaveLength(2);
    expect(await call('POST', '/api/notifications', { title: 'x', message: 'y', priority: 'URGENT', category: 'BOOK', recipients: {} })).toMatchObject({ status: 400, body: { errors: [{ path: 'body.priority' }] } });
    expect(await call('POST', '/api/notifications', { title: 'x', message: 'y', priority: 'LOW', category: 'BOOK', recipients: { roles: ['STAFF'] }, actions: [{ id: 'a', label: 'Go', url: 'https://elsewhere' }] })).toMatchObject({ status: 400 });
  });

  it('talk in rooms', async () => {
    expect((await call('GET', '/api/chat')).body.items).toContainEqual({ room: 'Main Library' });
    const posted = await call('POST', '/api/chat/Main%20Library/messages', { text: 'Hello', clientMessageId: 'c1' });
    expect(posted).toMatchObject({ status: 201, body: { room: 'Main Library', text: 'Hello' } });
    expect((await call('GET', '/api/chat/main%20library/messages')).body).toEqual({ items: [posted.body], nextCursor: null });
    expect(await call('GET', '/api/chat/Attic/messages')).toMatchObject({ status: 400 });
    expect(await call('POST', '/api/chat/staff/messages', { text: 'x'.repeat(2001), clientMessageId: 'c2' })).toMatchObject({ status: 400 });
  });

  it('let nobody in without a token', async () => {
    for (const url of ['/api/equipment', '/api/loans', '/api/holds', '/api/notifications', '/api/chat/staff/messages', '/api/sessions', '/api/books', '/api/equipment/queue']) {
      expect((await school.inject({ url })).statusCode, url).toBe(401);
    }
  });
});
