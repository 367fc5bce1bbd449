import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from './node-http.ts';

/** A server for a manager that has no other to share. Rejects when the port cannot be had. */
export async function openOwnServer(host: string, port: number, answer: (request: IncomingMessage, response: ServerResponse) => boolean): Promise<Server> {
  const server = createServer((request, response) => {
    if (answer(request, response)) return;
    response.writeHead(404, { 'Content-Type': 'application/problem+json' }).end(JSON.stringify({ type: 'about:blank', title: 'Not Found', status: 404, code: 'NOT_FOUND' }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return server;
}
