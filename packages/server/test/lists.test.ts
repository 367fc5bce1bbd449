import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config/config.ts';
import { appCaller, type AppCaller } from './app-caller.ts';
import type { ApiDocument } from './documented-caller.ts';

const login = { username: 'ana', password: 'correct horse battery' };
const folder = mkdtempSync(join(tmpdir(), 'clms-lists-'));
let app: App;
let api: AppCaller;
let lists: string[];
let described: ApiDocument;

beforeAll(async () => {
  const env = { CLMS_HTTP_PORT: '0', CLMS_WS_PORT: 'off', CLMS_DATABASE_URL: 'memory:', CLMS_DATA_DIR: folder, CLMS_ADMIN_USERNAME: login.username, CLMS_ADMIN_PASSWORD: login.password };
  app = await startApp({ config: readConfig({ env }), log: pino({ level: 'silent' }), version: '0.0.0' });
  api = await appCaller(app.httpUrl, login);
  await api.call('POST', '/api/equipment', { name: 'PC', type: 'COMPUTER', location: 'Main Library', status: 'MAINTENANCE' });
  for (let n = 1; n <= 5; n++) {
    const { body: person } = await api.call('POST', '/api/students', { schoolId: `S${n}`, surname: `Reyes ${n}`, givenName: 'Aya', gradeLevel: '4' });
    await api.call('POST', '/api/equipment/queue', { type: 'COMPUTER', studentId: person.id });
    await api.call('POST', '/api/emergencies', { severity: 'HIGH', message: `drill ${n}` });
    await api.call('POST', '/api/chat/staff/messages', { text: `number ${n}`, clientMessageId: `m${n}` });
  }
  const { body: people } = await api.call('GET', '/api/students');
  described = (await api.call('GET', '/api/openapi.json')).body;
  lists = Object.entries(described.paths).filter(([, { get }]) => get?.parameters?.some(({ name }) => name === 'cursor')).map(([path]) => path.replace('{id}', people.items[0].id).replace('{room}', 'staff'));
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

it('every list is paged', () => {
  const answersList = ({ responses }: ApiDocument['paths'][string][string]): boolean => JSON.stringify(responses['200'] ?? {}).includes('"nextCursor"');
  const unpaged = Object.entries(described.paths).filter(([, { get }]) => get && answersList(get) && !get.parameters?.some(({ name }) => name === 'cursor'));
  expect(unpaged.map(([path]) => path)).toEqual([]);
  expect(lists.length).toBeGreaterThan(18);
});

const opaque = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');

it.each(['limit=0', 'limit=501', 'limit=1.5', 'limit=ten', 'limit=-1', 'limit=', 'cursor=rubbish', `cursor=${opaque({ a: 1 })}`, `cursor=${opaque(['a', 'b', 'c'])}`, 'limt=5'])('every list refuses ?%s', async (query) => {
  const answers = await Promise.all(lists.map(async (path) => [path, (await api.call('GET', `${path}?${query}`)).status] as const));
  expect(answers.filter(([, status]) => status !== 400)).toEqual([]);
});

it('every list takes 500', async () => {
  const answers = await Promise.all(lists.map(async (path) => [path, (await api.call('GET', `${path}?limit=500`)).status] as const));
  expect(answers.filter(([, status]) => status !== 200)).toEqual([]);
});

it.each([
  ['/api/audit', ['x']],
  ['/api/activities', ['x']],
  ['/api/chat/staff/messages', ['x']],
  ['/api/audit', [1.5]],
  ['/api/students/{id}/history', ['x']],
  ['/api/students', ['person_of_nobody']],
])('a cursor of %s that only looks like one is refused: %j', async (path, key) => {
  const cursor = opaque(key);
  const known = path.replace('{id}', lists.find((list) => list.endsWith('/history'))!.split('/')[3]!);
  expect((await api.call('GET', `${known}?cursor=${cursor}`)).body).toMatchObject({ status: 400, errors: [{ path: 'query.cursor' }] });
});

/** Reads a list page by page, and lets `between` change it meanwhile. */
async function readPages(path: string, between: (page: number) => Promise<unknown> = async () => undefined): Promise<any[]> {
  const items: any[] = [];
  for (let cursor = '', page = 1; ; page++) {
    const { body } = await api.call('GET', `${path}?limit=2${cursor && `&cursor=${cursor}`}`);
    items.push(...body.items);
    if (body.nextCursor === null) return items;
    cursor = body.nextCursor;
    await between(page);
  }
}

it.each(['/api/students', '/api/equipment/queue', '/api/emergencies/active', '/api/chat/staff/messages', '/api/audit', '/api/chat'])('pages of %s put together are the whole list', async (path) => {
  const { body } = await api.call('GET', `${path}?limit=500`);
  const paged = await readPages(path);
  expect(paged.slice(-body.items.length)).toEqual(body.items);
  expect(new Set(paged.map((item) => JSON.stringify(item))).size).toBe(paged.length);
});

it('what is added or leaves meanwhile neither doubles nor hides anybody', async () => {
  const before: any[] = (await api.call('GET', '/api/equipment/queue')).body.items;
  const read = await readPages('/api/equipment/queue', async (page) => {
    const { body: person } = await api.call('POST', '/api/students', { schoolId: `N${page}`, surname: 'Abad', givenName: 'New', gradeLevel: '4' });
    if (page < 3) await api.call('POST', '/api/equipment/queue', { type: 'COMPUTER', studentId: person.id });
    // The last one of the page just read leaves: its place is still known.
    if (page === 1) await api.call('DELETE', `/api/equipment/queue/${before[1].id}`);
  });
  const ids = read.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.slice(0, before.length)).toEqual(before.map(({ id }) => id));
});
