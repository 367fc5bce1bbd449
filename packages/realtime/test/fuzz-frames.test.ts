import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { EngineServer } from './engine-server.ts';
import { MemorySocket, upgradeRequest } from './memory-socket.ts';
import { deflateMessage } from './raw-client.ts';
import { closePayload, encodeFrame, OPCODE } from './raw-frame.ts';
import { SeededRandom } from './seeded-random.ts';

const { TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG } = OPCODE;
const RSV1 = 4;

/** FUZZ_FRAMES=1000000 for the long form, FUZZ_SEED to see a failure again. */
const FRAMES = Number(process.env['FUZZ_FRAMES'] ?? 100_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(performance.now() * 1000) % 2 ** 31);
/** Frames that a connection gets before the next one; most die of the first wrong one. */
const PER_CONNECTION = 20;
const WARM_UP_SHARE = 0.5;
const MOST_GROWTH = 0.05;
/** What a heap moves by itself between two collections; below it, five in a hundred means nothing. */
const NOISE_BYTES = 4_000_000;
const MINUTES_MS = 600_000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const text = (value: unknown) => ({ opcode: TEXT, payload: JSON.stringify(value) });
const SEEDS = [
  text({ type: 'ping', data: {} }),
  text({ type: 'subscribe', data: { topic: 'orders', filters: { shop: ['a', 'b'] } }, id: 's' }),
  text({ type: 'subscribe', data: { topic: 'orders', since: { epoch: 'e', offset: 3 } } }),
  text({ type: 'unsubscribe', data: { topic: 'orders' } }),
  text({ type: 'get_status', data: {} }),
  text({ type: 'batch', data: { messages: [{ type: 'ping', data: {} }, { type: 'get_status', data: {} }] } }),
  text({ type: 'presence', data: { state: 'active', page: '/desk' } }),
  { opcode: TEXT, rsv: RSV1, payload: deflateMessage(JSON.stringify({ type: 'ping', data: {}, pad: 'abc'.repeat(200) })) },
  { opcode: TEXT, fin: false, payload: '{"type":' }, { opcode: CONTINUATION, fin: false, payload: '"ping",' }, { opcode: CONTINUATION, payload: '"data":{}}' },
  { opcode: BINARY, payload: Buffer.from([1, 2, 3]) }, { opcode: PING, payload: 'p' }, { opcode: PONG }, { opcode: CLOSE, payload: closePayload(1000, 'bye') },
].map(encodeFrame);

/** One of the seeds, with some of its bytes wrong. */
function mutated(random: SeededRandom): Buffer {
  let bytes = Buffer.from(random.pick(SEEDS));
  for (let changes = random.below(4); changes > 0; changes--) {
    const at = random.below(bytes.length);
    switch (random.below(6)) {
      case 0: bytes[at]! ^= 1 << random.below(8); break;
      case 1: bytes[at] = random.below(256); break;
      case 2: bytes[random.below(2)] = random.below(256); break;
      case 3: bytes = Buffer.from(bytes.subarray(0, at + 1)); break;
      case 4: bytes = Buffer.concat([bytes.subarray(0, at), random.pick(SEEDS).subarray(0, random.below(12)), bytes.subarray(at)]); break;
      case 5: bytes = Buffer.concat([bytes, bytes.subarray(at)]); break;
    }
  }
  return bytes;
}

it(`[ENV1] [ENV4] survives ${FRAMES.toLocaleString('en-US')} mutated frames, serves on, and keeps nothing of them (seed ${SEED})`, { timeout: MINUTES_MS }, async () => {
  const server = new EngineServer({ maxPayload: 64 * 1024 });
  await server.start();
  const random = new SeededRandom(SEED);
  let warm = 0;
  for (let sent = 0, connections = 0; sent < FRAMES; connections++) {
    const socket = new MemorySocket();
    server.http.emit('upgrade', upgradeRequest(socket, `user-${connections}`, random.below(2) === 0), socket, Buffer.alloc(0));
    await turn();
    for (let i = 0; i < PER_CONNECTION && !socket.destroyed; i++, sent++) socket.push(mutated(random));
    await turn();
    socket.destroy();
    if (warm === 0 && sent >= FRAMES * WARM_UP_SHARE) warm = await settledHeap(server);
  }
  const end = await settledHeap(server);
  expect(end - warm, `heap grew from ${warm} to ${end} bytes, seed ${SEED}`).toBeLessThan(Math.max(warm * MOST_GROWTH, NOISE_BYTES));

  const socket = new MemorySocket();
  server.http.emit('upgrade', upgradeRequest(socket, 'after', false), socket, Buffer.alloc(0));
  await turn();
  await turn();
  expect(socket.written).toBeGreaterThan(200);
  expect([...server.manager.clients.all()].map(({ identity }) => identity.userId)).toEqual(['after']);
  socket.destroy();
  await server.stop();
});

it('[ENV1] survives a broken frame that waits behind an inflating one, with more behind it', async () => {
  const server = new EngineServer();
  await server.start();
  const socket = new MemorySocket();
  server.http.emit('upgrade', upgradeRequest(socket, 'attacker', true), socket, Buffer.alloc(0));
  await turn();
  const inflating = encodeFrame({ opcode: TEXT, rsv: RSV1, payload: deflateMessage(JSON.stringify({ type: 'ping', data: {}, pad: 'abc'.repeat(200) })) });
  const broken = encodeFrame({ opcode: TEXT, payload: Buffer.from([0xff]) });
  for (const bytes of [inflating, broken, encodeFrame(text({ type: 'ping', data: {} }))]) socket.push(bytes);
  while (server.manager.clients.size > 0) await turn();
  // An exception nobody caught would fail the run here, and end a server.
  expect(Object.values(server.manager.counters.closes)).toEqual([1]);
  await server.stop();
});

/** Memory held once every connection has gone. */
async function settledHeap(server: EngineServer): Promise<number> {
  while (server.manager.clients.size > 0) await turn();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
