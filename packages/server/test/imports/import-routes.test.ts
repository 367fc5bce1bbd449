import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyticsRoutes } from '../../src/http/routes/analytics.ts';
import { importRoutes } from '../../src/http/routes/imports.ts';
import { createImportDesk, MAX_FILE_BYTES } from '../../src/imports/import-desk.ts';
import { bearer, openSchoolServer, type SchoolServer } from '../school-server.ts';
import { SHEET } from './import-trial.ts';

let school: SchoolServer;
let token: string;
beforeAll(async () => {
  school = await openSchoolServer({ routes: (desk) => [...importRoutes(desk.runner, createImportDesk({ runner: desk.runner, breathe: async () => undefined })), ...analyticsRoutes(desk.runner)] });
  token = await school.signIn('ana', 'LIBRARIAN');
});
afterAll(() => school.close());

const FILE = `${SHEET}\n1,Reyes,Aya,GRADE 1,X,Student,F\n`;
const post = (query: string, payload: string | Buffer, headers: Record<string, string> = { 'content-type': 'text/csv' }) =>
  school.inject({ method: 'POST', url: `/api/imports?${query}`, headers: { ...bearer(token), ...headers }, payload });

const get = (url: string) => school.inject({ method: 'GET', url, headers: bearer(token) });

function form(fields: Record<string, string>, file: string, name = 'file'): { payload: string; headers: Record<string, string> } {
  const parts = Object.entries(fields).map(([key, value]) => `--cut\r\nContent-Disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`);
  return {
    payload: `${parts.join('')}--cut\r\nContent-Disposition: form-data; name="${name}"; filename="roster.csv"\r\nContent-Type: text/csv\r\n\r\n${file}\r\n--cut--\r\n`,
    headers: { 'content-type': 'multipart/form-data; boundary=cut' },
  };
}

describe('POST /api/imports', () => {
  it('[IMP3] previews a raw body with 200 and writes it with 201', async () => {
    const preview = await post('kind=students&dryRun=true', FILE);
    expect([preview.statusCode, preview.json()]).toMatchObject([200, { status: 'PREVIEWED', kind: 'students', format: 'SCHOOL_SHEET', encoding: 'UTF-8', delimiter: ',', rows: [{ line: 2, outcome: 'create', reasons: [], repairs: [] }] }]);
    const applied = await post('kind=students', FILE);
    expect([applied.statusCode, applied.json()]).toMatchObject([201, { status: 'APPLIED', counts: { create: 1 } }]);
  });

  it('[IMP3] takes the file and the options as a form', async () => {
    const { payload, headers } = form({ kind: 'students', dryRun: 'true', mapping: '{"schoolId":"Nr"}' }, 'Nr,Surname,First Name\n9,Cruz,Ben\n');
    const answer = await post('', payload, headers);
    expect([answer.statusCode, answer.json()]).toMatchObject([200, { status: 'PREVIEWED', fileName: 'roster.csv', rows: [{ outcome: 'review' }] }]);
  });

  it('[IMP1] tells how each column was read and which record each row is, also when one that is needed was not found, and takes columns by hand or leaves them out', async () => {
    const file = 'Nr,Surname,First Name,Class,\n0007,Cruz,Ben,Narra,x\n';
    const refused = await post('kind=students&dryRun=true', file);
    const columns = [{ header: 'Nr', field: null }, { header: 'Surname', field: 'surname' }, { header: 'First Name', field: 'givenName' }, { header: 'Class', field: 'section' }, { header: '', field: null }];
    expect([refused.statusCode, refused.json()]).toMatchObject([422, { code: 'FILE_UNREADABLE', details: { missing: ['an id (User ID)'], columns } }]);
    const read = await post(`kind=students&dryRun=true&mapping=${encodeURIComponent('{"schoolId":"#1","section":""}')}`, file);
    expect(read.json()).toMatchObject({ status: 'PREVIEWED', rows: [{ line: 2, subject: '0007' }], columns: [{ header: 'Nr', field: 'schoolId' }, { field: 'surname' }, { field: 'givenName' }, { header: 'Class', field: null }, { field: null }] });
    const sheet = await post('kind=students&dryRun=true', FILE);
    expect(sheet.json<{ columns: unknown[] }>().columns[0]).toEqual({ header: 'User ID', field: 'schoolId' });
    const kept = await get(`/api/imports/${read.json<{ id: string }>().id}`);
    expect(kept.json<{ columns: unknown }>().columns).toEqual(read.json<{ columns: unknown }>().columns);
  });

  it('[IMP3] answers the same import to the same key, and 422 to another file under it', async () => {
    const key = { 'content-type': 'text/csv', 'idempotency-key': 'once' };
    const first = await post('kind=students', FILE, key);
    const again = await post('kind=students', FILE, key);
    expect([again.statusCode, again.headers['idempotent-replayed'], again.json<{ id: string }>().id]).toEqual([201, 'true', first.json<{ id: string }>().id]);
    expect((await post('kind=students&full=true', FILE, key)).statusCode).toBe(422);
  });

  it('[IMP3] answers a refusal again to the same key, and tries again without one', async () => {
    const key = { 'content-type': 'text/csv', 'idempotency-key': 'refused' };
    const bad = `${SHEET}\n,Reyes,Aya,GRADE 1,X,Student,F\n`;
    const answers = [await post('kind=students&strict=true', bad, key), await post('kind=students&strict=true', bad, key)];
    expect(answers.map((answer) => [answer.statusCode, answer.headers['idempotent-replayed'], answer.json<{ code: string }>().code])).toEqual([[409, undefined, 'ROWS_REJECTED'], [409, 'true', 'ROWS_REJECTED']]);
    expect(answers[1]!.body).toBe(answers[0]!.body);
  });

  it.each([
    ['without a kind', 'dryRun=true', FILE, 400],
    ['of a kind that is none', 'kind=pupils', FILE, 400],
    ['with an unknown option', 'kind=students&really=true', FILE, 400],
    ['with a mapping that is no object', 'kind=students&mapping=x', FILE, 400],
    ['of an empty file', 'kind=students', '', 422],
    ['of a file that is too large', 'kind=students', Buffer.alloc(MAX_FILE_BYTES + 1, 'a'), 413],
  ])('[IMP2] %s is refused in words', async (_, query, payload, status) => {
    const answer = await post(query, payload);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([status, expect.stringContaining('application/problem+json')]);
    expect(answer.json<{ detail: string }>().detail.length).toBeGreaterThan(10);
  });

  it('[IMP2] wants the file in the field "file"', async () => {
    const { payload, headers } = form({ kind: 'students' }, FILE, 'upload');
    expect((await post('', payload, headers)).json()).toMatchObject({ status: 400, detail: expect.stringContaining('"file"') });
  });

  it('is for administrators and librarians', async () => {
    const staff = await school.signIn('ben', 'STAFF');
    expect((await school.inject({ method: 'POST', url: '/api/imports?kind=students', headers: { ...bearer(staff), 'content-type': 'text/csv' }, payload: FILE })).statusCode).toBe(403);
    expect((await school.inject({ method: 'GET', url: '/api/analytics/visits', headers: bearer(staff) })).statusCode).toBe(403);
  });
});

it('[IMP3] GET /api/imports/:id gives an import again, the list without rows', async () => {
  const { id } = (await post('kind=students&dryRun=true', FILE)).json<{ id: string }>();
  expect((await get(`/api/imports/${id}`)).json()).toMatchObject({ id, rows: [{ line: 2 }] });
  expect((await get('/api/imports')).json<{ items: object[] }>().items[0]).not.toHaveProperty('rows');
  expect((await get('/api/imports/import_none')).statusCode).toBe(404);
});

describe('GET /api/analytics', () => {
  it.each(['visits', 'equipment', 'circulation'])('[ANA1] answers a series of %s', async (kind) => {
    const answer = await get(`/api/analytics/${kind}?from=2025-10-01&to=2025-10-14&groupBy=day&compare=previous`);
    expect(answer.json()).toMatchObject({ kind, groupBy: 'day', from: '2025-10-01', to: '2025-10-14', previous: { from: '2025-09-17', to: '2025-09-30' } });
    expect(answer.json<{ series: object[] }>().series).toHaveLength(14);
  });

  it('[ANA1] as CSV is a download', async () => {
    const answer = await get('/api/analytics/visits?from=2025-10-13&to=2025-10-14&format=csv');
    expect(answer.headers).toMatchObject({ 'content-type': 'text/csv; charset=utf-8', 'content-disposition': 'attachment; filename="visits-2025-10-13-2025-10-14.csv"' });
    expect(answer.body).toBe('key,label,value,visits\r\n2025-10-13,2025-10-13,0,0\r\n2025-10-14,2025-10-14,0,0\r\n');
  });

  it('[ANA1] refuses what it does not know', async () => {
    for (const query of ['groupBy=moon', 'from=soon', 'from=2025-10-14&to=2025-10-01', 'colour=red']) expect((await get(`/api/analytics/visits?${query}`)).statusCode).toBe(400);
  });
});
