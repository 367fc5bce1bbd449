import Type from 'typebox';
import { raw, type HttpRoute } from '../raw-route.ts';
import { OPEN } from '../route.ts';

const tag = 'Documentation';
const Document = Type.Record(Type.String(), Type.Unknown());

/** The API's own description, of the given routes and of itself. The documents are made once, when first asked for, by code that is loaded then. */
export function withApiDocuments(routes: readonly HttpRoute[], version: string, websocketPath: string): HttpRoute[] {
  let openApi: Promise<object> | undefined;
  let page: Promise<string> | undefined;
  const document = () => (openApi ??= import('../openapi.ts').then(({ openApiDocument }) => openApiDocument(all, version)));
  const all: HttpRoute[] = [
    ...routes,
    raw({ method: 'GET', path: '/api/openapi.json', access: OPEN, tag, summary: 'This API as OpenAPI 3.1.', answer: Document, handle: () => document() }),
    raw({ method: 'GET', path: '/api/asyncapi.json', access: OPEN, tag, summary: 'The WebSocket side as AsyncAPI 3.', answer: Document, handle: async () => (await import('../asyncapi.ts')).asyncApiDocument(version, websocketPath) }),
    raw({
      method: 'GET', path: '/api/docs', access: OPEN, tag, summary: 'This API as a page.', answer: Type.String(), mediaType: 'text/html',
      handle: async ({ reply }) => reply.type('text/html; charset=utf-8').send(await (page ??= import('../docs-page.ts').then(async ({ docsPage }) => docsPage(await document())))),
    }),
  ];
  return all;
}
