import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Type from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conflict } from '../src/domain/refusal.ts';
import { raw, type HttpRoute } from '../src/http/raw-route.ts';
import { command, OPEN, query, STAFF, STAFF_READ } from '../src/http/route.ts';
import { bearer, openSchoolServer, type SchoolServer } from './school-server.ts';

const Marks = Type.Object({ count: Type.Integer() });
let runs = 0;
let lastColour: string | undefined;

/** A command that counts how often it ran, one that fails, one that takes bytes, and a question. */
const routes: HttpRoute[] = [
  command({
    method: 'POST', path: '/api/marks', access: STAFF, tag: 'Marks', status: 201, summary: 'Marks.', body: Type.Object({ name: Type.String({ minLength: 1 }), colour: Type.Optional(Type.Enum(['RED', 'BLUE'])), sure: Type.Optional(Type.Boolean()), sentAt: Type.Optional(Type.String()) }, { additionalProperties: false }), answer: Marks,
    async handle(_unit, { body }) {
      runs++;
      lastColour = body.colour;
      if (body.name === 'taken') throw conflict('NAME_TAKEN', 'Somebody has this name.', { by: 'ana' });
      if (body.name === 'broken') throw new Error('SQLITE_IOERR at /var/lib/clms.db');
      return { count: runs };
    },
  }),
  command({ method: 'PATCH', path: '/api/marks/:id', access: STAFF, tag: 'Marks', summary: 'Marks.', params: Type.Object({ id: Type.String() }), body: Type.Object({}), answer: Type.Object({}), handle: async (_unit, { ifMatch }) => ({ ifMatch: ifMatch ?? null }) }),
  query({ method: 'GET', path: '/api/marks', access: STAFF_READ, tag: 'Marks', summary: 'Marks.', query: Type.Object({ open: Type.Optional(Type.Boolean()), limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })) }), answer: Type.Object({}), handle: async (_context, { query }) => query }),
  raw({ method: 'POST', path: '/api/files', access: OPEN, tag: 'Files', summary: 'Takes a file.', upload: true, answer: Type.Object({}), handle: async ({ request }) => ({ bytes: Buffer.concat(await (request.body as AsyncIterable<Buffer> & { toArray(): Promise<Buffer[]> }).toArray()).length }) }),
  raw({ method: 'GET', path: '/api/stream', access: STAFF, realtime: true, tag: 'Files', summary: 'Streams.', answer: Type.Object({}), handle: async ({ actor }) => ({ name: actor.kind === 'user' ? actor.name : null }) }),
];

let school: SchoolServer;
let token: string;
let web: string;
beforeAll(async () => {
  web = mkdtempSync(join(tmpdir(), 'clms-web-'));
  mkdirSync(join(web, 'assets'));
  writeFileSync(join(web, 'index.html'), '<!doctype html><title>App</title>');
  writeFileSync(join(web, 'assets/app-abc123.js'), 'export {}');
  school = await openSchoolServer({ routes: () => routes, http: { webFolder: web } });
  token = await school.signIn('ana', 'STAFF');
});
afterAll(async () => {
  await school.close();
  rmSync(web, { recursive: true });
});

const mark = (body: unknown, headers: Record<string, string> = {}) => school.inject({ method: 'POST', url: '/api/marks', headers: { ...bearer(token), ...headers }, payload: body as object });

describe('a refusal', () => {
  it('is a problem document with a code in words', async () => {
    const answer = await mark({ name: 'taken' });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([409, 'application/problem+json; charset=utf-8']);
    expect(answer.json()).toEqual({ type: 'urn:clms:problem:name-taken', title: 'Conflict', status: 409, detail: 'Somebody has this name.', code: 'NAME_TAKEN', details: { by: 'ana' } });
  });

  it('names every path that is wrong', async () => {
    const answer = await mark({ name: '', sure: 'yes', extra: 1 });
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors.map(({ path }: { path: string }) => path).toSorted()).toEqual(['body.extra', 'body.name', 'body.sure']);
    expect((await mark({})).json().errors).toEqual([{ path: 'body.name', message: 'is required' }]);
    expect((await mark([])).statusCode).toBe(400);
  });

  it('tells nothing of the server’s inside', async () => {
    const answer = await mark({ name: 'broken' });
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'INTERNAL_ERROR']);
    expect(answer.body).not.toMatch(/SQLITE|clms\.db|\.ts/);
  });

  it.each([
    ['{"name":', 'application/json', 400, 'INVALID_JSON'],
    ['{"__proto__":{"a":1},"name":"x"}', 'application/json', 400, 'INVALID_JSON'],
    ['name=x', 'application/x-www-form-urlencoded', 415, 'MEDIA_TYPE_NOT_SUPPORTED'],
    ['x', 'text/plain', 415, 'MEDIA_TYPE_NOT_SUPPORTED'],
    ['--b\r\n\r\n--b--', 'multipart/form-data; boundary=b', 415, 'MEDIA_TYPE_NOT_SUPPORTED'],
    [JSON.stringify({ name: 'x'.repeat(1_100_000) }), 'application/json', 413, 'BODY_TOO_LARGE'],
  ])('of a body like %.20s as %s is %i', async (payload, type, status, code) => {
    const answer = await school.inject({ method: 'POST', url: '/api/marks', headers: { ...bearer(token), 'content-type': type }, payload });
    expect([answer.statusCode, answer.json().code]).toEqual([status, code]);
  });

  it('of a body with too much to explain is short, and comes at once', async () => {
    const answer = await mark(Object.fromEntries(Array.from({ length: 25_001 }, (_, n) => [`k${n}`, n])));
    expect(answer.json().errors).toEqual([{ path: 'body', message: expect.stringMatching(/more than 25000 entries/) }]);
  });

  it('of a large body from somebody unknown is 413: nothing that a stranger sends is that long', async () => {
    const answer = await school.inject({ method: 'POST', url: '/api/auth/login', payload: { username: 'ana', password: 'x'.repeat(16 * 1024) } });
    expect([answer.statusCode, answer.json().code]).toEqual([413, 'BODY_TOO_LARGE']);
  });

  it('of text that no database keeps names where it stands', async () => {
    const answer = await mark({ name: 'a\u0000b' });
    expect([answer.statusCode, answer.json().errors]).toMatchObject([400, [{ path: 'body.name' }]]);
  });

  it('of an unknown path is a problem too', async () => {
    const answer = await school.inject({ url: '/api/nothing?name=Cruz' });
    expect(answer.json()).toMatchObject({ status: 404, code: 'NO_SUCH_ROUTE', detail: 'There is nothing at GET /api/nothing.' });
  });

  it('of a method that a path does not take names those it takes', async () => {
    const answer = await school.inject({ method: 'DELETE', url: '/api/marks?name=Cruz' });
    expect([answer.headers.allow, answer.json()]).toMatchObject(['POST, GET, HEAD', { status: 405, code: 'METHOD_NOT_ALLOWED', detail: '/api/marks does not take DELETE.', details: { allowed: ['POST', 'GET', 'HEAD'] } }]);
    expect((await school.inject({ method: 'PUT', url: '/api/marks/m1' })).headers.allow).toBe('PATCH');
    expect((await school.inject({ method: 'POST', url: '/api/marks/m1/more' })).statusCode).toBe(404);
    expect((await school.inject({ method: 'POST', url: '/api/realtime/events' })).headers.allow).toBe('GET');
  });

  it('is not what OPTIONS gets: the methods are its answer', async () => {
    const answer = await school.inject({ method: 'OPTIONS', url: '/api/marks' });
    expect([answer.statusCode, answer.headers.allow, answer.body]).toEqual([204, 'POST, GET, HEAD', '']);
    expect((await school.inject({ method: 'OPTIONS', url: '/api/nothing' })).statusCode).toBe(404);
  });

  it('of an address that cannot be decoded is a problem too', async () => {
    const answer = await school.inject({ url: '/api/%ff' });
    expect([answer.headers['content-type'], answer.json()]).toMatchObject(['application/problem+json; charset=utf-8', { status: 400, code: 'INVALID_REQUEST' }]);
  });
});

describe('access', () => {
  it('needs a credential that holds', async () => {
    const none = await school.inject({ url: '/api/marks' });
    expect([none.statusCode, none.headers['www-authenticate'], none.json().code]).toEqual([401, 'Bearer', 'NOT_SIGNED_IN']);
    expect((await school.inject({ url: '/api/marks', headers: bearer('rubbish') })).statusCode).toBe(401);
    expect((await school.inject({ url: '/api/users', headers: bearer(token) })).json()).toMatchObject({ status: 403, code: 'ROLE_NOT_ALLOWED' });
  });

  it('is checked before the body is', async () => {
    expect((await school.inject({ method: 'POST', url: '/api/marks', payload: { wrong: true } })).statusCode).toBe(401);
  });

  it.each([
    ['http://evil.example', 403],
    ['http://localhost.evil.example', 403],
    ['null', 403],
    ['http://localhost:3002', 201],
    [undefined, 201],
  ])('[UP4] from a page of %s is %i', async (origin, status) => {
    expect((await mark({ name: 'x' }, { host: 'localhost:3001', ...(origin && { origin }) })).statusCode).toBe(status);
  });

  it('[UP4] guards streams as well, and no plain reading', async () => {
    const headers = { ...bearer(token), origin: 'http://evil.example' };
    expect((await school.inject({ url: '/api/stream', headers })).statusCode).toBe(403);
    expect((await school.inject({ url: '/api/marks', headers })).statusCode).toBe(200);
  });

  it('[FB4] by the session cookie counts on streams alone', async () => {
    const cookies = Object.fromEntries((await school.login('ana')).cookies.map(({ name, value }) => [name, value]));
    expect((await school.inject({ url: '/api/stream', cookies })).json()).toEqual({ name: 'ana' });
    expect((await school.inject({ url: '/api/marks', cookies })).statusCode).toBe(401);
  });
});

describe('Idempotency-Key', () => {
  it('gives the stored answer again, with a header that says so', async () => {
    const first = await mark({ name: 'x' }, { 'idempotency-key': 'k1' });
    const second = await mark({ name: 'x' }, { 'idempotency-key': 'k1' });
    expect([first.statusCode, second.statusCode, second.json()]).toEqual([201, 201, first.json()]);
    expect([first.headers['idempotent-replayed'], second.headers['idempotent-replayed']]).toEqual([undefined, 'true']);
  });

  it('refuses another body', async () => {
    await mark({ name: 'x' }, { 'idempotency-key': 'k2' });
    expect((await mark({ name: 'y' }, { 'idempotency-key': 'k2' })).json()).toMatchObject({ status: 422, code: 'IDEMPOTENCY_KEY_REUSED' });
  });

  it('[SCN4] takes a command that is sent again for the same, though it says when it was sent', async () => {
    const first = await mark({ name: 'x', sentAt: '2026-03-02T08:00:00.000Z' }, { 'idempotency-key': 'k5' });
    const second = await mark({ name: 'x', sentAt: '2026-03-02T08:00:10.000Z' }, { 'idempotency-key': 'k5' });
    expect([second.statusCode, second.json(), second.headers['idempotent-replayed']]).toEqual([201, first.json(), 'true']);
  });

  it('keeps a refusal by a rule as the problem it was', async () => {
    const first = await mark({ name: 'taken' }, { 'idempotency-key': 'k3' });
    const second = await mark({ name: 'taken' }, { 'idempotency-key': 'k3' });
    expect([second.statusCode, second.headers['content-type'], second.json()]).toEqual([409, 'application/problem+json; charset=utf-8', first.json()]);
    expect(second.headers['idempotent-replayed']).toBe('true');
  });

  it('runs a command once when ten come at the same time', async () => {
    const before = runs;
    const answers = await Promise.all(Array.from({ length: 10 }, () => mark({ name: 'x' }, { 'idempotency-key': 'k4' })));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(runs - before).toBe(1);
  });
});

describe('requests', () => {
  it.each([['a zero', 'a\0b'], ['half a character', 'a\ud83d']])('may not hold text with %s, which no database keeps', async (_, text) => {
    const before = runs;
    expect((await mark(JSON.stringify({ name: text }), { 'content-type': 'application/json' })).json()).toMatchObject({ status: 400, code: 'INVALID_REQUEST', errors: [{ path: 'body.name' }] });
    expect((await school.inject({ method: 'PATCH', url: '/api/marks/a%00b', headers: bearer(token), payload: {} })).json()).toMatchObject({ status: 400, errors: [{ path: 'params.id' }] });
    expect((await school.inject({ method: 'GET', url: '/api/marks?limit=%00', headers: bearer(token) })).json()).toMatchObject({ status: 400, errors: [{ path: 'query.limit' }] });
    expect(runs).toBe(before);
  });

  it('are looked at to any depth', async () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    expect((await mark(deep, { 'content-type': 'application/json' })).statusCode).toBe(400);
  });

  it('[TOP1] may write words of closed lists in any letter case', async () => {
    expect((await mark({ name: 'x', colour: 'blue' })).statusCode).toBe(201);
    expect(lastColour).toBe('BLUE');
    expect((await mark({ name: 'x', colour: 'green' })).json().errors).toEqual([{ path: 'body.colour', message: 'must be one of RED, BLUE' }]);
  });


  it('have their query strings converted', async () => {
    expect((await school.inject({ url: '/api/marks?open=true&limit=7', headers: bearer(token) })).json()).toEqual({ open: true, limit: 7 });
    for (const limit of ['501', '0', '1.5', 'ten', '']) expect((await school.inject({ url: `/api/marks?limit=${limit}`, headers: bearer(token) })).json().errors[0].path).toBe('query.limit');
  });

  it.each([['3', 3], ['"4"', 4], ['W/"5"', 5], ['*', null]])('may guard a change by If-Match: %s', async (header, version) => {
    const answer = await school.inject({ method: 'PATCH', url: '/api/marks/m', headers: { ...bearer(token), 'if-match': header } });
    expect(answer.json()).toEqual({ ifMatch: version });
  });

  it('bring files to routes that take them', async () => {
    expect((await school.inject({ method: 'POST', url: '/api/files', headers: { 'content-type': 'text/csv' }, payload: 'a,b\n' })).json()).toEqual({ bytes: 4 });
  });
});

describe('answers', () => {
  it('are kept by nobody on the way', async () => {
    expect((await school.inject({ url: '/api/marks', headers: bearer(token) })).headers['cache-control']).toBe('no-store');
  });

  it('allow the app its own origin and the WebSocket port, and nothing else', async () => {
    const policy = String((await school.inject({ url: '/', headers: { host: 'desk.local:3001' } })).headers['content-security-policy']);
    expect(policy).toContain("default-src 'self'");
    const again = await school.inject({ url: '/', headers: { host: 'desk.local:3001' } });
    expect(again.headers).toMatchObject({ 'content-security-policy': policy, 'x-frame-options': 'DENY', 'referrer-policy': 'same-origin', 'x-content-type-options': 'nosniff' });
    expect(String((await school.inject({ url: '/', headers: { host: 'door.local:3001' } })).headers['content-security-policy'])).toContain('ws://door.local:3001');
    expect(policy).toContain("connect-src 'self' ws://desk.local:3001 wss://desk.local:3001 ws://desk.local:3002 wss://desk.local:3002");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(String((await school.inject({ url: '/', headers: { host: 'x;script-src *' } })).headers['content-security-policy'])).not.toContain('script-src');
  });
});

describe('with CLMS_REQUIRE_AUTH=false', () => {
  it('nobody needs to sign in, and a wrong token is still wrong', async () => {
    const open = await openSchoolServer({ routes: () => routes, http: { requireAuth: false } });
    try {
      expect((await open.inject({ url: '/api/users' })).statusCode).toBe(200);
      expect((await open.inject({ url: '/api/users', headers: bearer('rubbish') })).statusCode).toBe(401);
    } finally {
      await open.close();
    }
  });
});

describe('with a list of origins', () => {
  it('pages of those may ask and read, and others may not', async () => {
    const listed = await openSchoolServer({ routes: () => routes, http: { allowedOrigins: ['https://desk.example'] } });
    try {
      const headers = { ...bearer(await listed.signIn('ana')), host: 'localhost:3001' };
      const ask = (origin: string, method: 'POST' | 'OPTIONS' = 'POST') => listed.inject({ method, url: '/api/marks', headers: { ...headers, origin }, ...(method === 'POST' && { payload: { name: 'x' } }) });
      const allowed = await ask('https://desk.example');
      expect([allowed.statusCode, allowed.headers['access-control-allow-origin']]).toEqual([201, 'https://desk.example']);
      expect((await ask('https://desk.example', 'OPTIONS')).headers['access-control-allow-headers']).toContain('Idempotency-Key');
      for (const origin of ['http://desk.example', 'https://desk.example:8443', 'http://localhost:3001']) {
        const refused = await ask(origin);
        expect([refused.statusCode, refused.headers['access-control-allow-origin']]).toEqual([403, undefined]);
      }
    } finally {
      await listed.close();
    }
  });
});

describe('the web app', () => {
  it('is served with files that are kept for ever and a page that is not', async () => {
    expect((await school.inject({ url: '/' })).headers['cache-control']).toBe('no-cache');
    expect((await school.inject({ url: '/assets/app-abc123.js' })).headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it.each([['/desk', 200], ['/equipment/eq_1?tab=log', 200], ['/assets/gone.js', 404], ['/api/gone', 404], ['/ws', 404], ['/metrics/gone', 404], ['/health/gone', 404]])('answers %s with %i', async (url, status) => {
    const answer = await school.inject({ url });
    expect([answer.statusCode, answer.body.includes('<title>App')]).toEqual([status, status === 200]);
  });
});
