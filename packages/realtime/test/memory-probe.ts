// Run as a process of its own, with --expose-gc: plays one kind of load in equal waves and prints what memory is held after each.
// Arguments: kind, count, seed.
import { setImmediate as turn } from 'node:timers/promises';
import { EngineServer } from './engine-server.ts';
import { sendMutatedFrames } from './mutated-frames.ts';
import { RawClient } from './raw-client.ts';
import { OPCODE } from './raw-frame.ts';
import { SeededRandom } from './seeded-random.ts';

const AT_ONCE = 200;
const WAVES = 5;
const [kind, count, seed] = process.argv.slice(2) as [string, string, string];
const random = new SeededRandom(Number(seed));
const server = new EngineServer({ maxPayload: 64 * 1024 });
await server.start();

/** One client that comes, follows two topics, hears that it does, and goes. */
async function visit(): Promise<void> {
  const client = await RawClient.connect(server.port, server.credential());
  await client.message('welcome');
  client.send(...['orders', 'prices'].map((topic) => ({ opcode: OPCODE.TEXT, payload: JSON.stringify({ type: 'subscribe', data: { topic } }) })));
  await client.message('subscribed');
  await client.message('subscribed');
  client.destroy();
}

async function visits(total: number): Promise<void> {
  for (let done = 0; done < total; done += AT_ONCE) await Promise.all(Array.from({ length: Math.min(AT_ONCE, total - done) }, visit));
  while (server.manager.clients.size > 0) await turn();
}

/** What is held when everybody has gone. Collected more than once: what a first collection frees lets go of more. */
async function held(): Promise<{ heap: number; rss: number }> {
  for (let n = 0; n < 5; n++) {
    globalThis.gc!();
    await turn();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, rss };
}

const part = Math.ceil(Number(count) / WAVES);
const waves: { heap: number; rss: number }[] = [];
for (let wave = 0; wave < WAVES; wave++) {
  await (kind === 'frames' ? sendMutatedFrames(server, random, part) : visits(part));
  waves.push(await held());
}
// Still serves.
await visit();
await server.stop();
console.log(JSON.stringify(waves));
