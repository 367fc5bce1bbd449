import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coveringArray, keyOf, pairsIn, pairsOf, type Impossible, type Row } from './covering-array.ts';
import { PairwiseClient } from './pairwise-client.ts';
import { WsLine } from './pairwise-lines.ts';
import { PairwiseWorld, TOPICS, type Data, type Topic } from './pairwise-world.ts';
import { describeWithRedis, RedisServer } from './redis-server.ts';
import { SeededRandom } from './seeded-random.ts';

const FACTORS = {
  transport: ['ws', 'sse', 'poll'],
  filter: ['none', 'by shop'],
  batch: ['off', 'on'],
  compression: ['off', 'on'],
  resume: ['not needed', 'after a cut'],
  broker: ['memory', 'redis'],
  token: ['kept', 'renewed'],
  drain: ['none', 'in the middle'],
  reader: ['quick', 'slow'],
} as const;

const IMPOSSIBLE: readonly Impossible[] = (['sse', 'poll'] as const).flatMap((transport) => [
  { pair: [['transport', transport], ['batch', 'on']], reason: 'several messages in one frame exist where there are frames' },
  { pair: [['transport', transport], ['compression', 'on']], reason: 'permessage-deflate is an extension of WebSocket' },
]);

const ROWS = coveringArray(FACTORS, IMPOSSIBLE);
const MOST_BIG_EVENTS = 500;
/** Of chance, so that no compression makes it small. */
const BIG_BYTES = 72 * 1024;
const LONG = 'a long text, worth compressing. '.repeat(100);

describe('the rows of pairwise composition', () => {
  it('hold every pair of levels that can meet, and no other', () => {
    const covered = new Set(ROWS.flatMap(pairsIn).map((pair) => keyOf(...pair)));
    expect([...covered].toSorted()).toEqual(pairsOf(FACTORS, IMPOSSIBLE).map((pair) => keyOf(...pair)).toSorted());
    for (const { pair } of IMPOSSIBLE) expect(covered.has(keyOf(...pair))).toBe(false);
  });

  it('are few, and each gives every factor a level', () => {
    expect(ROWS.length).toBeLessThanOrEqual(16);
    for (const row of ROWS) expect(Object.keys(row).toSorted()).toEqual(Object.keys(FACTORS).toSorted());
  });
});

describeWithRedis('everything at once: events in order, none lost in silence, and each role sees its own', () => {
  const redis = new RedisServer();
  beforeAll(() => redis.start());
  afterAll(() => redis.stop());

  it.each(ROWS.map((row, n) => [describeRow(row), row, n] as const))('[SUB2] [SUB3] [POS2] [TOP2] %s', { timeout: 60_000 }, async (_, row, n) => {
    const world = new PairwiseWorld(row['broker'] === 'redis' ? redis.url : undefined, `row${n}:`);
    await world.start();
    const clients = ['staff-ann', 'guest-ben'].map((user) => new PairwiseClient(row, user));
    try {
      await play(row, world, clients);
      for (const client of clients) {
        expect(client.faults).toEqual([]);
        expect(client.got(world.log)).toEqual(client.expected(world.log));
      }
    } finally {
      for (const client of clients) client.line.cut();
      await world.stop();
    }
  });
});

function describeRow(row: Row): string {
  return Object.keys(FACTORS).map((factor) => `${factor}: ${row[factor]}`).join(', ');
}

async function play(row: Row, world: PairwiseWorld, clients: readonly PairwiseClient[]): Promise<void> {
  const each = (work: (client: PairwiseClient) => unknown): Promise<unknown> => Promise.all(clients.map(work));
  const settled = async (): Promise<void> => {
    await world.publish('orders', event({}));
    await world.publish('prices', event({}));
    for (const client of clients) client.verify();
    for (const topic of TOPICS) await each((client) => client.reached(topic, world.node.manager.handlers.broker.position(topic).offset));
  };
  await burst(world, 4);
  for (const client of clients) client.open(world.node.port);
  await each((client) => client.until(() => client.begun.size === TOPICS.length));
  await burst(world, 12);
  await settled();

  if (row['resume'] === 'after a cut') {
    for (const client of clients) client.line.cut();
    await each((client) => client.line.ended);
    await burst(world, 9);
    for (const client of clients) client.open();
    await settled();
  }
  if (row['token'] === 'renewed') {
    for (const client of clients) client.renewToken();
    await burst(world, 3);
    if (row['transport'] === 'ws') await each((client) => client.until(() => client.count('authenticated') === 1));
    await settled();
  }
  if (row['reader'] === 'slow') {
    for (const client of clients) client.line.stop();
    await overwhelm(world, row);
  }
  if (row['drain'] === 'in the middle') {
    await world.drain();
    for (const client of clients) client.line.go();
    const codes = await each((client) => client.line.ended);
    // A reader that has stopped hears of nothing; a poll is answered, and the next one finds nobody.
    if (row['reader'] === 'quick' && row['transport'] !== 'poll') expect(codes).toEqual([1012, 1012]);
    await burst(world, 5);
    for (const client of clients) client.open(world.node.port);
  } else for (const client of clients) client.line.go();
  await burst(world, 6);
  await settled();

  if (row['transport'] === 'ws') {
    expect(clients.map(({ line }) => line instanceof WsLine && line.compressed)).toEqual(clients.map(() => row['compression'] === 'on'));
    expect(clients.map((client) => client.count('batch') > 0)).toEqual(clients.map(() => row['batch'] === 'on'));
  }
}

let published = 0;
function event(data: Partial<Data>): Data {
  const n = ++published;
  return { n, shop: 'north', entity: `e${n % 3}`, text: n % 4 === 0 ? LONG : 'short', secret: `only for staff ${n}`, ...data };
}

/** Events of both topics and two shops, those of a topic at once. */
async function burst(world: PairwiseWorld, count: number): Promise<void> {
  for (const topic of TOPICS) await world.publish(topic, ...Array.from({ length: count }, (_, n) => event({ shop: n % 2 === 0 ? 'north' : 'south' })));
}

/** Publishes until what waits for both readers exceeds what may wait, and some more; for polls, which nothing waits for, a fixed number. */
async function overwhelm(world: PairwiseWorld, row: Row): Promise<void> {
  const random = new SeededRandom(1);
  const big = (): Data => event({ text: Buffer.from(Uint32Array.from({ length: BIG_BYTES / 4 }, () => random.below(2 ** 32)).buffer).toString('base64') });
  const { counters } = world.node.manager;
  for (let n = 0; ; n++) {
    const before = counters.droppedMessages;
    await world.publish('orders', big());
    await new Promise((resolve) => void setImmediate(resolve));
    if (row['transport'] === 'poll' ? n === 5 : counters.droppedMessages - before === 2) break;
    expect(n, 'the readers were never too slow').toBeLessThan(MOST_BIG_EVENTS);
  }
  const topics: readonly Topic[] = ['prices', 'orders', 'prices'];
  for (const topic of topics) await world.publish(topic, ...Array.from({ length: 8 }, () => event({})));
}
