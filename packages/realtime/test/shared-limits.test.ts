import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { RedisBroker } from '../src/broker-redis.ts';
import { systemClock } from '../src/clock.ts';
import { RedisLimits } from '../src/redis-limits.ts';
import { openRedis, type RedisConnection } from '../src/redis-connection.ts';
import { EngineServer } from './engine-server.ts';
import { RawClient } from './raw-client.ts';
import { OPCODE } from './raw-frame.ts';
import { describeWithRedis, RedisServer } from './redis-server.ts';

const RATE = { perSecond: 60, burst: 60 };
const ping = { opcode: OPCODE.TEXT, payload: JSON.stringify({ type: 'ping', data: {} }) };
/** How the server answered `count` pings. */
async function answers(client: RawClient, count: number): Promise<{ pong: number; refused: number }> {
  const types: unknown[] = [];
  while (types.length < count) types.push((JSON.parse((await client.next())!.payload.toString()) as { type: unknown }).type);
  return { pong: types.filter((type) => type === 'pong').length, refused: types.filter((type) => type === 'error').length };
}
/** The first frame: a welcome, or why there is none. */
const greeting = async (client: RawClient): Promise<any> => JSON.parse((await client.next())!.payload.toString());

describeWithRedis('limits of a user over all nodes', () => {
  const redis = new RedisServer();
  let installations = 0;
  let nodes: [EngineServer, EngineServer];
  let clients: RawClient[];
  beforeAll(() => redis.start());
  afterAll(() => redis.stop());
  beforeEach(async () => {
    const prefix = `limits${++installations}:`;
    const node = () => new EngineServer({}, new RedisBroker({ url: redis.url, clock: systemClock, prefix, history: { size: 1000, ttlMs: 3_600_000 } }));
    nodes = [node(), node()];
    clients = [];
    for (const one of nodes) await one.start();
  });
  afterEach(async () => {
    for (const client of clients) client.destroy();
    for (const one of nodes) await one.stop();
  });

  async function enter(node: 0 | 1, user: string): Promise<RawClient> {
    const client = await RawClient.connect(nodes[node].port, [`Authorization: Bearer ${user}`]);
    clients.push(client);
    return client;
  }

  it('[RATE1] hundred messages at once over two nodes: sixty are answered, and those that the clock adds meanwhile', async () => {
    const tabs = [await enter(0, 'ann'), await enter(1, 'ann'), await enter(0, 'ann'), await enter(1, 'ann')];
    for (const tab of tabs) await tab.message('welcome');
    const startedMs = systemClock.now();
    for (const tab of tabs) tab.send(...Array.from({ length: 25 }, () => ping));
    const counted = await Promise.all(tabs.map((tab) => answers(tab, 25)));
    const added = ((systemClock.now() - startedMs) / 1000) * RATE.perSecond;
    const pongs = counted.reduce((sum, { pong }) => sum + pong, 0);
    expect(pongs).toBeGreaterThanOrEqual(RATE.burst);
    expect(pongs).toBeLessThanOrEqual(RATE.burst + Math.ceil(added));
    // Another user has not sent anything yet.
    const ben = await enter(1, 'ben');
    await ben.message('welcome');
    ben.send(...Array.from({ length: 30 }, () => ping));
    expect(await answers(ben, 30)).toEqual({ pong: 30, refused: 0 });
  });

  it('[UP5] five of ten connections that come to two nodes at the same instant stay, the others are told why', async () => {
    const coming = await Promise.all(Array.from({ length: 10 }, (_, n) => enter((n % 2) as 0 | 1, 'ann')));
    const first = await Promise.all(coming.map(greeting));
    expect(first.filter(({ type }) => type === 'welcome')).toHaveLength(5);
    const refused = coming.filter((_, n) => first[n].type === 'error');
    for (const { type, data } of first) if (type === 'error') expect(data).toMatchObject({ code: 'RATE_LIMIT', details: { reason: 'CONNECTION_LIMIT' } });
    expect(await Promise.all(refused.map((client) => client.closeCode()))).toEqual([4429, 4429, 4429, 4429, 4429]);
    expect(nodes[0].manager.clients.size + nodes[1].manager.clients.size).toBe(5);
  });

  it('[UP5] a place that one node gives back is free on the other', async () => {
    for (let n = 0; n < 5; n++) await (await enter(0, 'ann')).message('welcome');
    expect((await greeting(await enter(1, 'ann'))).type).toBe('error');
    clients[0]!.destroy();
    // The node tells it in its own time; the next client to come finds it so.
    let welcomed = false;
    while (!welcomed) welcomed = (await greeting(await enter(1, 'ann'))).type === 'welcome';
    expect((await greeting(await enter(0, 'ann'))).type).toBe('error');
  });

  it('[UP5] [FB4] a stream on the one node counts on the other', async () => {
    for (let n = 0; n < 4; n++) await (await enter(0, 'ann')).message('welcome');
    const stream = await fetch(`${nodes[0].url}/events?subscribe=[]`, { headers: { Authorization: 'Bearer ann' } });
    const refused = await fetch(`${nodes[1].url}/poll?subscribe=[]`, { headers: { Authorization: 'Bearer ann' } });
    expect([stream.status, refused.status]).toEqual([200, 429]);
    await stream.body!.cancel();
  });

  it('[UP5] [RATE1] while Redis hangs each node decides alone, without making anybody wait for long', async () => {
    for (let n = 0; n < 4; n++) await (await enter(0, 'ann')).message('welcome');
    redis.signal('SIGSTOP');
    try {
      expect((await greeting(await enter(0, 'ann'))).type).toBe('welcome');
      expect((await greeting(await enter(0, 'ann'))).type).toBe('error');
      clients[0]!.send(ping);
      await clients[0]!.message('pong');
    } finally {
      redis.signal('SIGCONT');
    }
  });
});

describeWithRedis('RedisLimits', () => {
  const redis = new RedisServer();
  let connection: RedisConnection;
  beforeAll(async () => {
    await redis.start();
    connection = await openRedis(redis.url, systemClock, 2000, () => undefined);
  });
  afterAll(async () => {
    connection.destroy();
    await redis.stop();
  });
  const node = (nodeId: string, prefix: string) => new RedisLimits({ prefix, nodeId, clock: systemClock, commands: () => connection });

  it('[RATE1] says how long to wait, and takes nothing then', async () => {
    const [here, there] = [node('a', 'r:'), node('b', 'r:')];
    expect(await here.takeTokens('ann', 40, { perSecond: 1, burst: 60 })).toBe(0);
    const waitMs = await there.takeTokens('ann', 40, { perSecond: 1, burst: 60 });
    expect(waitMs).toBeGreaterThan(10_000);
    expect(waitMs).toBeLessThanOrEqual(20_000);
    expect(await there.takeTokens('ann', 20, { perSecond: 1, burst: 60 })).toBe(0);
  });

  it('[UP5] forgets what a node had that has fallen silent, or that Redis has forgotten', async () => {
    const [here, gone] = [node('a', 'p:'), node('b', 'p:')];
    expect([await here.beat(), await gone.beat(), await here.beat()]).toEqual([false, false, true]);
    expect([await gone.claimPlaces('ann', 4, 5), await here.claimPlaces('ann', 1, 5), await here.claimPlaces('ann', 2, 5)]).toEqual([true, true, false]);
    await redis.command('DEL p:alive:b');
    expect(await here.claimPlaces('ann', 5, 5)).toBe(true);
    await redis.command('FLUSHALL');
    expect(await here.beat()).toBe(false);
    await here.tellPlaces(new Map([['ann', 5]]));
    await gone.beat();
    expect(await gone.claimPlaces('ann', 1, 5)).toBe(false);
    await here.tellPlaces(new Map([['ann', 0]]));
    expect(await gone.claimPlaces('ann', 5, 5)).toBe(true);
  });
});
