import { createAdapter } from '@socket.io/redis-streams-adapter';
import { Redis } from 'ioredis';
import { Server } from 'socket.io';
import type { BenchServer, StartOptions } from './bench-server.ts';
import { listening } from './raw-upgrade.ts';

/** Longer than any run: the load generator counts frames and answers no heartbeats. */
const PING_INTERVAL_MS = 3_600_000;

export async function startSocketIo({ redisUrl }: StartOptions): Promise<BenchServer> {
  const { server, port } = await listening();
  const io = new Server(server, { transports: ['websocket'], pingInterval: PING_INTERVAL_MS, ...(redisUrl && { adapter: createAdapter(new Redis(redisUrl)) }) });
  io.on('connection', (socket) => void socket.join('activities'));
  let offset = 0;
  return {
    port,
    publish(message) {
      offset++;
      io.to('activities').emit(message.type, { id: `msg_${String(offset).padStart(20, '0')}`, timestamp: '2026-06-15T08:30:00.000Z', topic: 'activities', offset, prev: offset - 1, data: message.data });
    },
  };
}
