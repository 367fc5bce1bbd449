import { envelope } from '../activity-message.ts';
import { serveLoad } from './serve-load.ts';

/** As much of Bun's own face as is used here. */
interface Bun {
  serve(options: object): { readonly port: number; publish(topic: string, text: string): number };
}

interface BunSocket {
  subscribe(topic: string): void;
}

// Bun's own publish: one topic, native code, no filters, roles or positions.
serveLoad(async () => {
  const { Bun } = globalThis as unknown as { Bun: Bun };
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request: Request, self: { upgrade(request: Request): boolean }) => (self.upgrade(request) ? undefined : new Response(null, { status: 426 })),
    websocket: { open: (socket: BunSocket) => socket.subscribe('activities'), message: () => undefined, perMessageDeflate: false, idleTimeout: 0 },
  });
  let offset = 0;
  return { port: server.port, publish: (message) => void server.publish('activities', envelope(message, ++offset)) };
});
