import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { AllowedMethods } from './allowed-methods.ts';
import { sendNotFound } from './error-handling.ts';

/** Paths that belong to programs: there a wrong address is an error, never the app. */
const RESERVED = /^\/(api|health|metrics|ws|assets)(\/|$|\?)/;

/**
 * Serves the built web app from `folder`. Files under /assets carry a hash in their name and are kept for ever; all else is asked for again.
 * Any other path is a page of the app.
 */
export async function serveWebApp(app: FastifyInstance, folder: string | undefined, websocketPath: string, allowed: AllowedMethods): Promise<void> {
  const built = folder !== undefined && existsSync(join(folder, 'index.html'));
  if (built) {
    await app.register(fastifyStatic, {
      root: folder,
      cacheControl: false,
      // The build leaves a .br and a .gz beside each file.
      preCompressed: true,
      setHeaders: (reply, path) => void reply.header('Cache-Control', path.startsWith(join(folder, 'assets')) ? 'public, max-age=31536000, immutable' : 'no-cache'),
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const isPage = built && (request.method === 'GET' || request.method === 'HEAD') && !RESERVED.test(request.url) && request.url.split('?')[0] !== websocketPath;
    // Not returned: a reply that is awaited as well as piped has more listeners than Node thinks right.
    if (isPage) void reply.sendFile('index.html');
    else void sendNotFound(request, reply, allowed);
  });
}
