import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { EngineServer } from './engine-server.ts';
import { MemorySocket, upgradeRequest } from './memory-socket.ts';
import { deflateMessage } from './raw-client.ts';
import { encodeFrame, OPCODE } from './raw-frame.ts';

const { TEXT } = OPCODE;
const RSV1 = 4;

it('[ENV1] survives a broken frame that waits behind an inflating one, with more behind it', async () => {
  const server = new EngineServer();
  await server.start();
  const socket = new MemorySocket();
  server.http.emit('upgrade', upgradeRequest(socket, 'attacker', true), socket, Buffer.alloc(0));
  await turn();
  const inflating = encodeFrame({ opcode: TEXT, rsv: RSV1, payload: deflateMessage(JSON.stringify({ type: 'ping', data: {}, pad: 'abc'.repeat(200) })) });
  const broken = encodeFrame({ opcode: TEXT, payload: Buffer.from([0xff]) });
  for (const bytes of [inflating, broken, encodeFrame({ opcode: TEXT, payload: JSON.stringify({ type: 'ping', data: {} }) })]) socket.push(bytes);
  while (server.manager.clients.size > 0) await turn();
  // An exception nobody caught would fail the run here, and end a server.
  expect(Object.values(server.manager.counters.closes)).toEqual([1]);
  await server.stop();
});
