import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLIENT_MESSAGES, SERVER_MESSAGES, TOPIC_NAMES } from '@clms/protocol';
import Type from 'typebox';
import { withApiDocuments } from '../src/http/routes/api-documents.ts';
import { ADMIN, command } from '../src/http/route.ts';
import { openSchoolServer, type SchoolServer } from './school-server.ts';

const things = command({
  method: 'PATCH', path: '/api/things/:id', access: ADMIN, tag: 'Things', summary: 'Changes a thing.', params: Type.Object({ id: Type.String() }),
  body: Type.Object({ name: Type.String({ maxLength: 7 }) }, { additionalProperties: false }), answer: Type.Object({ id: Type.String() }), handle: async () => ({ id: 'thing_1' }),
});

let school: SchoolServer;
beforeAll(async () => void (school = await openSchoolServer({ routes: () => withApiDocuments([things], '1.2.3', '/ws') })));
afterAll(() => school.close());

describe('the API’s own description', () => {
  it('is OpenAPI 3.1 with the schemas that validate', async () => {
    const document = (await school.inject({ url: '/api/openapi.json' })).json();
    expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
    const patch = document.paths['/api/things/{id}'].patch;
    expect(patch).toMatchObject({ tags: ['Things'], security: [{ bearer: [] }], requestBody: { content: { 'application/json': { schema: { properties: { name: { type: 'string', maxLength: 7 } }, additionalProperties: false } } } } });
    expect(patch.parameters.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['id', 'Idempotency-Key', 'If-Match']));
    expect(patch.responses['4XX'].content).toHaveProperty('application/problem+json');
  });

  it('is AsyncAPI 3 with every message of the wire', async () => {
    const document = (await school.inject({ url: '/api/asyncapi.json' })).json();
    expect(document.asyncapi).toBe('3.0.0');
    const names = Object.keys(document.components.messages);
    for (const type of Object.keys(CLIENT_MESSAGES)) expect(names).toContain(`client_${type}`);
    for (const type of Object.keys(SERVER_MESSAGES)) expect(names).toContain(`server_${type}`);
    expect(Object.keys(document.channels.socket['x-topics'])).toEqual(TOPIC_NAMES);
  });

  it('is a page that fetches nothing', async () => {
    const page = await school.inject({ url: '/api/docs' });
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).toContain('/api/things/{id}');
    expect(page.body).not.toMatch(/<script|src=|https?:\/\//);
  });
});
