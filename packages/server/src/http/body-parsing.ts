import type { FastifyInstance } from 'fastify';
import multipart from '@fastify/multipart';
import { Refusal } from '../domain/refusal.ts';

const LARGEST_UPLOAD_BYTES = 64 * 1024 * 1024;

const wrongType = () => new Refusal(415, 'MEDIA_TYPE_NOT_SUPPORTED', 'Send the body as application/json.');

/** JSON for all routes, files and streams for those that declare `upload`. */
export async function parseBodies(app: FastifyInstance): Promise<void> {
  const json = app.getDefaultJsonParser('error', 'error'); // refuses __proto__ and constructor keys
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') return done(null, undefined);
    json(request, body as string, (error, value) => done(error && invalidJson(), value));
  });
  await app.register(multipart, { limits: { fileSize: LARGEST_UPLOAD_BYTES, files: 1, fields: 20 } });
  app.addContentTypeParser('*', (request, payload, done) => {
    if (request.routeOptions.config.upload) return done(null, payload);
    payload.resume();
    // `curl -d ''` names a form and sends nothing.
    if (request.headers['content-length'] === '0') return done(null, undefined);
    done(wrongType());
  });
  app.addHook('preHandler', async (request) => {
    if (!request.routeOptions.config.upload && request.headers['content-type']?.startsWith('multipart/')) throw wrongType();
  });
}

const invalidJson = () => new Refusal(400, 'INVALID_JSON', 'The body is not valid JSON.', { errors: [{ path: 'body', message: 'is not valid JSON' }] });
