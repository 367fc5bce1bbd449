import swagger from '@fastify/swagger';
import fastify from 'fastify';
import type { TObject, TSchema } from 'typebox';
import { Problem } from './problem.ts';
import type { HttpRoute } from './raw-route.ts';
import { realtimePaths } from './realtime-paths.ts';

/**
 * The OpenAPI 3.1 document of these routes, from the very schemas that validate them. It needs no running server: the routes are laid out
 * on an instance that never listens.
 */
export async function openApiDocument(routes: readonly HttpRoute[], version: string): Promise<object> {
  const app = fastify();
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'CLMS', version, description: 'The live desk of a school library. Errors are RFC 9457 problem documents; lists take `limit` and `cursor`; the WebSocket side is in /api/asyncapi.json.' },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'Access token of a person, token of a device, or API key' },
          session: { type: 'apiKey', in: 'cookie', name: 'clms_refresh', description: 'Refresh cookie' },
        },
      },
    },
  });
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  for (const route of routes) app.route({ method: route.method, url: route.path, schema: describe(route), handler: async () => undefined });
  await app.ready();
  const document = app.swagger();
  await app.close();
  return { ...document, paths: { ...document.paths, ...realtimePaths() } };
}

function describe(route: HttpRoute): Record<string, unknown> {
  const isCommand = route.kind === 'command' || (route.kind === 'raw' && route.method !== 'GET' && !route.keyless);
  const status = route.kind === 'query' ? 200 : (route.status ?? 200);
  const { params, query, body } = route as { readonly params?: TSchema; readonly query?: TSchema; readonly body?: TSchema };
  return {
    tags: [route.tag],
    summary: route.summary,
    operationId: operationId(route),
    description: access(route),
    ...(params && { params: plain(params) }),
    ...(query && { querystring: plain(query) }),
    ...(route.kind === 'raw' && route.upload ? upload() : body ? { body: plain(body) } : {}),
    ...(isCommand && { headers: headers(route.kind === 'command' && route.method === 'PATCH') }),
    response: {
      ...Object.fromEntries([status, ...(route.kind === 'raw' ? (route.also ?? []) : [])].map((each) => [each, answerOf(route)])),
      '4xx': { description: 'Refused, in words a program can read', content: { 'application/problem+json': { schema: plain(Problem) } } },
    },
    ...(!route.access.open && { security: route.kind === 'raw' && route.realtime ? [{ bearer: [] }, { session: [] }] : [{ bearer: [] }] }),
  };
}

function answerOf(route: HttpRoute): Record<string, unknown> {
  const { mediaType, alsoAs } = route.kind === 'raw' ? route : {};
  const text = alsoAs === undefined ? {} : { [alsoAs]: { schema: { type: 'string' } } };
  return { description: 'Done', content: { [mediaType ?? 'application/json']: { schema: plain(route.answer) }, ...text } };
}

/** `POST /api/loans/:id/return` → `postLoansIdReturn`. */
function operationId({ method, path }: HttpRoute): string {
  const words = path.replace(/^\/api/, '').split(/[^A-Za-z0-9]+/).filter(Boolean);
  return method.toLowerCase() + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
}

function access({ access: { open, roles, scope } }: HttpRoute): string {
  if (open) return 'Open to everybody.';
  return `For ${roles.join(', ')}${scope ? `, and API keys with the scope "${scope}"` : ''}.`;
}

function headers(guardable: boolean): TObject {
  return {
    type: 'object',
    properties: {
      'Idempotency-Key': { type: 'string', maxLength: 255, description: 'the same key and body give the stored answer again for 24 h' },
      ...(guardable && { 'If-Match': { type: 'string', description: 'the version the form was filled from; 412 when it is no longer that' } }),
    },
  } as unknown as TObject;
}

function upload(): Record<string, unknown> {
  return { consumes: ['multipart/form-data', 'application/octet-stream'], body: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } };
}

/** Without what TypeBox keeps for itself. */
function plain(schema: TSchema): Record<string, unknown> {
  return JSON.parse(JSON.stringify(schema)) as Record<string, unknown>;
}
