import { setImmediate as turn } from 'node:timers/promises';
import type { EngineServer } from './engine-server.ts';
import { MemorySocket, upgradeRequest } from './memory-socket.ts';
import { deflateMessage } from './raw-client.ts';
import { closePayload, encodeFrame, OPCODE } from './raw-frame.ts';
import type { SeededRandom } from './seeded-random.ts';

const { TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG } = OPCODE;
const RSV1 = 4;
/** Frames that a connection gets before the next one; most die of the first wrong one. */
const PER_CONNECTION = 20;

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

/** Sends at least so many mutated frames, each connection a few, and waits until nobody is connected any more. */
export async function sendMutatedFrames(server: EngineServer, random: SeededRandom, frames: number): Promise<void> {
  for (let sent = 0, connections = 0; sent < frames; connections++) {
    const socket = new MemorySocket();
    server.http.emit('upgrade', upgradeRequest(socket, `user-${connections}`, random.below(2) === 0), socket, Buffer.alloc(0));
    await turn();
    for (let i = 0; i < PER_CONNECTION && !socket.destroyed; i++, sent++) socket.push(mutated(random));
    await turn();
    socket.destroy();
  }
  while (server.manager.clients.size > 0) await turn();
}
