import type { Duplex } from 'node:stream';
import { envelope } from '../activity-message.ts';
import type { BenchServer } from './bench-server.ts';
import { acceptSockets, listening, textFrame } from './raw-upgrade.ts';

/**
 * The floor: one frame made once, `socket.write` for every client. With `batched`, the frames of one turn leave together in one write per
 * client, as far as batching alone can carry.
 */
export async function startBare(batched: boolean): Promise<BenchServer> {
  const sockets = new Set<Duplex>();
  const { server, port } = await listening();
  acceptSockets(server, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  let offset = 0;
  let batch: Buffer[] = [];
  const flush = () => {
    const bytes = Buffer.concat(batch);
    batch = [];
    for (const socket of sockets) socket.write(bytes);
  };
  return {
    port,
    publish(message) {
      const frame = textFrame(envelope(message, ++offset));
      if (!batched) {
        for (const socket of sockets) socket.write(frame);
        return;
      }
      batch.push(frame);
      if (batch.length === 1) setImmediate(flush);
    },
  };
}
