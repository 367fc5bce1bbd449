import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApp, type App } from '../src/app.ts';
import { readConfig } from '../src/config/config.ts';
import { createLog } from '../src/log.ts';

const folder = mkdtempSync(join(tmpdir(), 'clms-names-'));
const ADMIN = { username: 'ana', password: 'correct horse battery' };
const NAMES = ['Zagorsky', 'Wilhelmina'];
let app: App;
let written = '';
let token: string;

beforeAll(async () => {
  const env = { CLMS_HTTP_PORT: '0', CLMS_WS_PORT: 'off', CLMS_DATABASE_URL: 'memory:', CLMS_DATA_DIR: folder, CLMS_ADMIN_USERNAME: ADMIN.username, CLMS_ADMIN_PASSWORD: ADMIN.password, CLMS_LOG_LEVEL: 'trace' };
  const config = readConfig({ env });
  app = await startApp({ config, log: await createLog(config, { write: (line: string) => void (written += line) }), version: '0.0.0' });
  token = (await call('POST', '/api/auth/login', ADMIN)).body.accessToken;
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }> {
  const headers = { ...(body !== undefined && { 'content-type': 'application/json' }), ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(`${app.httpUrl}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, body: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text };
}

it('[PRV3] names of people are in no log, metric or audit entry, and no URL takes them', async () => {
  const person = (await call('POST', '/api/students', { schoolId: '777', surname: NAMES[0], givenName: NAMES[1], gradeLevel: '9' })).body;
  expect((await call('POST', '/api/scans', { barcode: '777', station: 'door' })).body.message).toContain(NAMES[1]);
  expect((await call('POST', '/api/students/search', { text: NAMES[0] })).body.items).toHaveLength(1);
  expect((await call('POST', '/api/visits', { studentId: person.id, location: 'Main Library' })).status).toBe(409);
  expect((await call('POST', '/api/students', { schoolId: '777', surname: NAMES[0], givenName: NAMES[1] })).status).toBe(409);
  expect((await call('GET', `/api/students/${person.id}/history`)).status).toBe(200);
  expect((await call('GET', `/api/students?text=${NAMES[0]}`)).status).toBe(400);

  const outside = [written, (await call('GET', '/metrics')).body, JSON.stringify((await call('GET', '/api/audit?limit=500')).body)];
  for (const text of outside) for (const name of NAMES) expect(text).not.toContain(name);
  expect(outside[1]).toContain('clms_http_request_duration_seconds');
  expect(outside[2]).toContain(person.id);
});
