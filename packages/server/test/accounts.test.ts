import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConfiguredAdmin } from '../src/domain/accounts/setup.ts';
import { issueTicket, redeemTicket } from '../src/domain/accounts/socket-tickets.ts';
import { SecurityLog } from '../src/domain/accounts/security-log.ts';
import { bearer, openSchoolServer, PASSWORD, SECRET, type SchoolServer } from './school-server.ts';

let school: SchoolServer;
beforeEach(async () => void (school = await openSchoolServer()));
afterEach(() => school.close());

const as = (token: string) => ({
  get: (url: string) => school.inject({ url, headers: bearer(token) }),
  post: (url: string, payload: object = {}, headers = {}) => school.inject({ method: 'POST', url, headers: { ...bearer(token), ...headers }, payload }),
  patch: (url: string, payload: object, headers = {}) => school.inject({ method: 'PATCH', url, headers: { ...bearer(token), ...headers }, payload }),
  delete: (url: string) => school.inject({ method: 'DELETE', url, headers: bearer(token) }),
});

const addDevice = async (body: object = { name: 'Door', role: 'KIOSK', station: 'door', location: 'Main Library' }) => {
  const admin = as(await school.signIn('ana'));
  return { admin, device: (await admin.post('/api/devices', body)).json() };
};
const pairDevice = (code: string, headers = {}) => school.inject({ method: 'POST', url: '/api/devices/pair', payload: { code }, headers });
const setupForm = (code: string) => ({ code, username: 'ana', password: PASSWORD, venueName: 'Saint Ana', timezone: 'Asia/Manila' });
const setUp = (body: object) => school.inject({ method: 'POST', url: '/api/setup', payload: body });
const sign = (claims: Record<string, unknown>) => new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime(Math.floor(school.clock.now() / 1000) + 60).sign(SECRET);

describe('accounts', () => {
  it('are whole in every answer, and never show a password', async () => {
    const admin = as(await school.signIn('ana'));
    const answer = await admin.post('/api/users', { username: 'ben', password: PASSWORD, role: 'LIBRARIAN', displayName: 'Ben' });
    expect(answer.statusCode).toBe(201);
    const user = answer.json();
    expect(user).toEqual({ id: expect.stringMatching(/^user_/), username: 'ben', displayName: 'Ben', role: 'LIBRARIAN', active: true, version: 1, createdAt: '2025-10-14T02:30:00.000Z', updatedAt: '2025-10-14T02:30:00.000Z' });
    expect((await admin.get(`/api/users/${user.id}`)).json()).toEqual(user);
    expect((await admin.get('/api/users')).body).not.toMatch(/argon|password/i);
  });

  it('have one name each, whatever the letters’ case', async () => {
    const admin = as(await school.signIn('ana'));
    expect((await admin.post('/api/users', { username: 'ANA', password: PASSWORD, role: 'STAFF' })).json()).toMatchObject({ status: 409, code: 'USERNAME_TAKEN' });
  });

  it('are listed in pages', async () => {
    const admin = as(await school.signIn('ana'));
    for (const name of ['ben', 'cy', 'dee']) await admin.post('/api/users', { username: name, password: PASSWORD, role: 'STAFF' });
    const first = (await admin.get('/api/users?limit=3')).json();
    const second = (await admin.get(`/api/users?limit=3&cursor=${first.nextCursor}`)).json();
    expect([...first.items, ...second.items].map(({ username }) => username)).toEqual(['ana', 'ben', 'cy', 'dee']);
    expect(second.nextCursor).toBeNull();
  });

  it.each([[{ active: false }], [{ password: 'another long one' }]])('[AUTH4] lose their sessions and sockets by %j', async (patch) => {
    const admin = as(await school.signIn('ana'));
    const token = await school.signIn('ben', 'STAFF');
    const { id } = (await as(token).get('/api/auth/me')).json();
    expect((await admin.patch(`/api/users/${id}`, patch)).json()).toMatchObject({ id, version: 2 });
    expect((await as(token).get('/api/auth/me')).statusCode).toBe(401);
    expect(school.revoked).toEqual([{ userId: id }]);
  });

  it('[AUTH3] with a new role need a new token, and open sockets are told', async () => {
    const admin = as(await school.signIn('ana'));
    const token = await school.signIn('ben', 'LIBRARIAN');
    const { id } = (await as(token).get('/api/auth/me')).json();
    await admin.patch(`/api/users/${id}`, { role: 'STAFF' });
    expect((await as(token).get('/api/auth/me')).statusCode).toBe(401);
    expect(school.revoked).toEqual([{ userId: id, role: 'STAFF' }]);
  });

  it('do not let the last administrator go', async () => {
    const token = await school.signIn('ana');
    const { id } = (await as(token).get('/api/auth/me')).json();
    for (const patch of [{ active: false }, { role: 'STAFF' }]) expect((await as(token).patch(`/api/users/${id}`, patch)).json()).toMatchObject({ status: 409, code: 'LAST_ADMIN' });
  });

  it('refuse a change from a stale form', async () => {
    const token = await school.signIn('ana');
    const { id } = (await as(token).get('/api/auth/me')).json();
    expect((await as(token).patch(`/api/users/${id}`, { displayName: 'Ana' }, { 'if-match': '1' })).statusCode).toBe(200);
    expect((await as(token).patch(`/api/users/${id}`, { displayName: 'Anna' }, { 'if-match': '1' })).json()).toMatchObject({ status: 412, code: 'VERSION_CONFLICT', details: { version: 2 } });
  });

  it('leave a trail', async () => {
    const admin = as(await school.signIn('ana'));
    await admin.post('/api/users', { username: 'ben', password: PASSWORD, role: 'STAFF' });
    await school.login('ben', 'wrong wrong');
    const trail = (await admin.get('/api/audit?entity=user')).json().items.map(({ action, actorName, outcome }: Record<string, string>) => [action, actorName, outcome]);
    expect(trail.slice(0, 2)).toEqual([['LOGIN', 'System', 'REFUSED'], ['USER_CREATED', 'ana', 'OK']]);
    expect((await admin.get('/api/audit?action=LOGIN&outcome=REFUSED')).json().items).toHaveLength(1);
    expect((await admin.get('/api/audit?from=2025-10-15T00:00:00Z')).json().items).toEqual([]);
  });
});

describe('a device', () => {
  it('pairs by a short code and holds a token that lasts', async () => {
    const { device } = await addDevice();
    expect(device).toMatchObject({ role: 'KIOSK', station: 'door', state: 'UNPAIRED', codeExpiresAt: '2025-10-14T02:40:00.000Z' });
    const paired = (await pairDevice(device.code.toLowerCase().replace('-', ''))).json();
    expect(paired.device).toMatchObject({ id: device.id, state: 'PAIRED' });
    school.clock.advance(400 * 24 * 3600_000);
    expect((await as(paired.deviceToken).get('/api/auth/me')).json()).toEqual({ id: device.id, username: 'Door', role: 'KIOSK', kind: 'device', station: 'door', location: 'Main Library' });
  });

  it('has a code that is good once, and for ten minutes', async () => {
    const { admin, device } = await addDevice();
    expect((await pairDevice(device.code)).statusCode).toBe(200);
    expect((await pairDevice(device.code)).json().code).toBe('PAIRING_CODE_UNKNOWN');
    const other = (await admin.post('/api/devices', { name: 'Wall', role: 'DISPLAY' })).json();
    school.clock.advance(10 * 60_000);
    expect((await pairDevice(other.code)).statusCode).toBe(404);
  });

  it('gets the same token again when the answer was lost on the way', async () => {
    const { device } = await addDevice();
    const first = await pairDevice(device.code, { 'idempotency-key': 'p' });
    const second = await pairDevice(device.code, { 'idempotency-key': 'p' });
    expect([second.statusCode, second.json().deviceToken]).toEqual([200, first.json().deviceToken]);
  });

  it('cannot be found by guessing codes', async () => {
    for (let n = 0; n < 5; n++) await pairDevice(`AAAA-AAA${n}`);
    expect((await pairDevice('AAAA-AAAA')).statusCode).toBe(429);
  });

  it('[AUTH4] loses its token and sockets when it is revoked', async () => {
    const { admin, device } = await addDevice();
    const { deviceToken } = (await pairDevice(device.code)).json();
    expect((await admin.delete(`/api/devices/${device.id}`)).json()).toMatchObject({ state: 'REVOKED' });
    expect((await as(deviceToken).get('/api/auth/me')).statusCode).toBe(401);
    expect(school.revoked).toEqual([{ sessionId: device.id }]);
  });
});

describe('an API key', () => {
  it('is shown once and opens what its scopes name', async () => {
    const admin = as(await school.signIn('ana'));
    const { key, id } = (await admin.post('/api/api-keys', { name: 'cron', scopes: ['metrics'] })).json();
    expect((await admin.get('/api/api-keys')).body).not.toContain(key);
    const metrics = (headers: Record<string, string>) => school.inject({ url: '/metrics', headers, remoteAddress: '10.0.0.9' });
    expect((await metrics({})).statusCode).toBe(401);
    expect((await metrics(bearer(key))).statusCode).toBe(200);
    expect((await metrics({ 'x-api-key': key })).statusCode).toBe(200);
    expect((await as(key).get('/api/auth/me')).json()).toMatchObject({ status: 403, code: 'SCOPE_MISSING' });
    await admin.delete(`/api/api-keys/${id}`);
    expect((await metrics(bearer(key))).statusCode).toBe(401);
    expect((await school.inject({ url: '/metrics' })).statusCode).toBe(200);
    expect((await school.inject({ url: '/metrics', headers: { 'x-forwarded-for': '10.0.0.9' } })).statusCode).toBe(401);
  });
});

describe('the setup', () => {
  it('makes the first administrator and the venue by the printed code, once', async () => {
    expect((await school.inject({ url: '/api/setup' })).json()).toEqual({ needed: true });
    expect(school.setup.code).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}$/);
    const answer = await setUp(setupForm(school.setup.code));
    expect([answer.statusCode, answer.json().user]).toEqual([201, expect.objectContaining({ username: 'ana', role: 'ADMIN' })]);
    expect(school.desk.runner.venue.settings).toMatchObject({ venueName: 'Saint Ana', timezone: 'Asia/Manila' });
    expect((await setUp(setupForm(school.setup.code))).statusCode).toBe(410);
    expect((await school.inject({ url: '/api/setup' })).json()).toEqual({ needed: false });
  });

  it('refuses a wrong code, and many of them', async () => {
    for (let n = 0; n < 5; n++) expect((await setUp(setupForm('AAAA-AAAA'))).json()).toMatchObject({ status: 403, code: 'WRONG_SETUP_CODE' });
    expect((await setUp(setupForm(school.setup.code))).statusCode).toBe(429);
  });

  it('refuses a zone that is none', async () => {
    expect((await setUp({ ...setupForm(school.setup.code), timezone: 'Manila' })).json()).toMatchObject({ status: 400, errors: [{ path: 'body.timezone' }] });
  });

  it('is done by the configuration on an empty database only', async () => {
    const admin = (username: string) => createConfiguredAdmin(school.desk.runner, { username, password: PASSWORD }, { timezone: 'UTC', locale: 'en' });
    expect([await admin('root'), await admin('other')]).toEqual([true, false]);
    expect((await school.login('root')).statusCode).toBe(200);
    expect((await school.login('other')).statusCode).toBe(401);
  });
});

describe('a ticket', () => {
  it('[UP2] is good once, within 30 s', async () => {
    const token = await school.signIn('ana');
    const ticket = async () => (await as(token).post('/api/auth/ws-ticket')).json() as { ticket: string; expiresAt: string };
    const { runner } = school.desk;
    const first = await ticket();
    expect(Date.parse(first.expiresAt) - school.clock.now()).toBe(30_000);
    expect(await redeemTicket(runner, first.ticket)).toMatchObject({ kind: 'ok', identity: { username: 'ana', role: 'ADMIN' } });
    expect(await redeemTicket(runner, first.ticket)).toMatchObject({ kind: 'refused' });
    const late = await ticket();
    school.clock.advance(30_000);
    expect(await redeemTicket(runner, late.ticket)).toMatchObject({ kind: 'refused' });
  });

  it('[AUTH4] dies with its session', async () => {
    const token = await school.signIn('ana');
    const { ticket } = (await as(token).post('/api/auth/ws-ticket')).json();
    await as(token).post('/api/auth/logout');
    expect(await redeemTicket(school.desk.runner, ticket)).toMatchObject({ kind: 'refused' });
  });

  it('serves one of two who come with it', async () => {
    const { runner } = school.desk;
    const credential = { actor: { kind: 'device', id: 'device_x', name: 'X', role: 'KIOSK' }, identity: { userId: 'device_x', username: 'X', role: 'KIOSK', sessionId: 'device_x' } } as const;
    const { ticket } = await issueTicket(runner, credential);
    const answers = await Promise.all([redeemTicket(runner, ticket), redeemTicket(runner, ticket)]);
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['ok', 'refused']);
  });
});

describe('a token of another issuer with our secret', () => {
  it('speaks for users we do not keep', async () => {
    expect(await school.authenticator.authenticateToken(await sign({ sub: 'ext_1', username: 'eve', role: 'LIBRARIAN' }))).toMatchObject({ kind: 'ok', actor: { kind: 'user', id: 'ext_1', role: 'LIBRARIAN' }, identity: { sessionId: 'token:ext_1' } });
    expect(await school.authenticator.authenticateToken(await sign({ sub: 'ext_2', role: 'KIOSK', station: 'door' }))).toMatchObject({ actor: { kind: 'device', station: 'door' } });
  });

  it('cannot give a user of ours another role, nor one that does not exist', async () => {
    const { id } = (await as(await school.signIn('ben', 'STAFF')).get('/api/auth/me')).json();
    expect(await school.authenticator.authenticateToken(await sign({ sub: id, role: 'ADMIN' }))).toMatchObject({ kind: 'refused' });
    expect(await school.authenticator.authenticateToken(await sign({ sub: 'ext_1', role: 'ROOT' }))).toMatchObject({ kind: 'refused' });
  });
});

describe('the security log', () => {
  it('[UP6] keeps every attempt to open a socket, and no credential', async () => {
    const lines: unknown[] = [];
    const write = (details: unknown) => void lines.push(details);
    const security = new SecurityLog(school.desk.runner.db, { library: school.clock, machine: school.clock }, { info: write, warn: write, error: write });
    const facts = { address: '10.0.0.9', userAgent: 'x', transport: 'ws' } as const;
    security.record({ ...facts, origin: 'http://evil.example', userId: undefined, outcome: 'REFUSED', reason: 'origin not allowed' });
    security.record({ ...facts, origin: undefined, userId: 'user_1', outcome: 'ACCEPTED', reason: 'ok' });
    await security.close();
    const admin = as(await school.signIn('ana'));
    const { items } = (await admin.get('/api/audit?action=WS_CONNECT')).json();
    expect(items).toMatchObject([
      { actorId: 'user_1', outcome: 'OK', address: '10.0.0.9' },
      { actorId: 'unknown', outcome: 'REFUSED', details: { origin: 'http://evil.example', userAgent: 'x', reason: 'origin not allowed', transport: 'ws' } },
    ]);
    expect(lines).toHaveLength(2);
    expect(school.clock.pending).toBe(0);
  });
});
