import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** Hosts whose headers are kept. A caller may invent more; then all are computed again. */
const MOST_HOSTS = 100;

/**
 * The app loads from here alone, and speaks to here and to the WebSocket port of the same host. No upgrade to HTTPS is forced: on a
 * school's LAN there is none; in front of a proxy, the proxy says so.
 */
export async function secureHeaders(app: FastifyInstance, websocketPort: () => number | undefined): Promise<void> {
  await app.register(helmet, {
    // Composing a dozen headers costs as much as the rest of a short request: it is done once per host, below.
    global: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        // Styles are set on elements by the component library.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        connectSrc: ["'self'", (request) => sockets(request, websocketPort())],
        workerSrc: ["'self'", 'blob:'],
        objectSrc: ["'none'"],
        baseUri: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    strictTransportSecurity: false,
    // Over plain HTTP browsers ignore these two and complain about them.
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
    referrerPolicy: { policy: 'same-origin' },
  });
  const composed = new Map<string, OutgoingHttpHeaders>();
  app.addHook('onRequest', async (request, reply) => {
    // The port of the WebSocket is in them, and it is not known before the server listens.
    const name = `${websocketPort()} ${request.headers.host}`;
    const known = composed.get(name);
    if (known) {
      reply.headers(known);
      return;
    }
    reply.helmet();
    if (composed.size >= MOST_HOSTS) composed.clear();
    composed.set(name, { ...reply.raw.getHeaders() });
  });
}

/** Both schemes for both ports: behind a proxy the page is https, on the LAN it is not. */
function sockets(request: IncomingMessage, port: number | undefined): string {
  const host = request.headers.host ?? '';
  if (!/^[\w.-]+(:\d+)?$|^\[[\da-fA-F:.]+\](:\d+)?$/.test(host)) return "'self'";
  const name = host.replace(/:\d+$/, '');
  const hosts = port === undefined ? [host] : [host, `${name}:${port}`];
  return hosts.flatMap((each) => [`ws://${each}`, `wss://${each}`]).join(' ');
}
