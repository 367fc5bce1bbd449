import { WebSocketServer } from 'ws';
import { envelope } from '../activity-message.ts';
import type { BenchServer } from './bench-server.ts';
import { listening } from './raw-upgrade.ts';

/** What most applications write: serialise once, `client.send` in a loop. */
export async function startWsLoop(deflate: boolean): Promise<BenchServer> {
  const { server, port } = await listening();
  const hub = new WebSocketServer({ server, perMessageDeflate: deflate && { threshold: 1024 } });
  let offset = 0;
  return {
    port,
    publish(message) {
      const text = envelope(message, ++offset);
      for (const client of hub.clients) client.send(text);
    },
  };
}
