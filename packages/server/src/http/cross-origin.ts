import type { FastifyInstance } from 'fastify';

const METHODS = 'GET, POST, PATCH, DELETE';
const HEADERS = 'Authorization, Content-Type, Idempotency-Key, If-Match, Last-Event-ID';
const READABLE = 'Idempotent-Replayed, Retry-After, Content-Disposition';
const PREFLIGHT_SECONDS = 600;

/**
 * Lets pages of the configured origins read what they are answered (CORS). Without a list nothing is added: pages of the server's own
 * origin need none, and others get no word.
 */
export function answerOrigins(app: FastifyInstance, allowed: readonly string[] | undefined): void {
  if (!allowed) return;
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    reply.header('Vary', 'Origin');
    if (origin === undefined || !allowed.includes(origin)) return;
    reply.header('Access-Control-Allow-Origin', origin).header('Access-Control-Allow-Credentials', 'true').header('Access-Control-Expose-Headers', READABLE);
  });
  app.options('/api/*', async (_request, reply) => {
    reply.code(204).header('Access-Control-Allow-Methods', METHODS).header('Access-Control-Allow-Headers', HEADERS).header('Access-Control-Max-Age', String(PREFLIGHT_SECONDS));
    return null;
  });
}
