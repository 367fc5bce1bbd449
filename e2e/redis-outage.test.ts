import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithRedis, RedisServer } from '../packages/realtime/test/redis-server.ts';
import { ActivityFollower } from './activity-follower.ts';
import { Api } from './api.ts';
import { CheckInLane } from './check-in-lane.ts';
import { morningZone } from './morning-zone.ts';
import { enrol, openAllDays } from './school.ts';
import { dataFolder, startServer, type ServerProcess } from './server-process.ts';

/** What operators are promised. */
const DEGRADED_WITHIN_MS = 5000;
const COMMANDS_EACH = 3;

describeWithRedis('the server while its Redis', () => {
  const folder = dataFolder();
  const follower = new ActivityFollower({ mayLoseHistory: true });
  let redis: RedisServer;
  let server: ServerProcess;
  let api: Api;
  let lanes: readonly CheckInLane[];

  beforeAll(async () => {
    redis = new RedisServer({ port: await freePort(), durable: true });
    await redis.start();
    server = await startServer(folder.path, { CLMS_TIMEZONE: morningZone(), CLMS_REDIS_URL: redis.url, CLMS_ACCESS_TOKEN_TTL: '1d' });
    api = await Api.login(server.url);
    await openAllDays(api);
    lanes = (await enrol(api, 4)).map(({ id }) => new CheckInLane(id));
    await follower.follow(server.wsUrl, api.token!);
  });
  afterAll(async () => {
    follower.close();
    await server?.stop('SIGKILL');
    await redis?.stop();
    folder.remove();
  });

  /** Everybody goes in or out so many times, and gets an answer each time: a desk does not wait for Redis. */
  const commands = (): Promise<unknown> => Promise.all(lanes.map((lane) => lane.times(api, COMMANDS_EACH)));
  const status = async (): Promise<string> => (await api.get('/health')).body.status;
  const until = async (state: string): Promise<void> => {
    while ((await status()) !== state);
  };
  const everythingCame = async (): Promise<void> => {
    await follower.reached(lanes.reduce((sum, { acknowledged }) => sum + acknowledged, 0));
    expect(follower.faults).toEqual([]);
    for (const { personId, acknowledged } of lanes) {
      expect(follower.byPerson.get(personId)).toEqual(Array.from({ length: acknowledged }, (_, n) => (n % 2 === 0 ? 'CHECK_IN' : 'CHECK_OUT')));
    }
  };

  it.each([
    ['hangs and goes on', async () => redis.signal('SIGSTOP'), async () => redis.signal('SIGCONT')],
    ['is killed and comes back with its memory', () => redis.kill(), () => redis.start()],
    ['is killed and comes back without', () => redis.kill(), async () => { redis.forget(); await redis.start(); }],
  ] as const)('%s: says so within five seconds, answers commands meanwhile, and brings everything committed afterwards', { timeout: 60_000 }, async (_, begin, end) => {
    await commands();
    await everythingCame();
    const startedMs = performance.now();
    await begin();
    try {
      const [shownAfterMs] = await Promise.all([until('degraded').then(() => performance.now() - startedMs), commands()]);
      expect(shownAfterMs).toBeLessThan(DEGRADED_WITHIN_MS);
      expect(await follower.state()).toBe('degraded');
      await commands();
    } finally {
      await end();
    }
    await until('ok');
    await commands();
    await everythingCame();
    expect(await follower.state()).toBe('ok');
  });

  it('is flushed: begins anew, and nobody misses anything', { timeout: 60_000 }, async () => {
    await commands();
    await redis.command('FLUSHALL');
    await commands();
    await everythingCame();
  });
});

async function freePort(): Promise<number> {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const { port } = holder.address() as AddressInfo;
  await new Promise((resolve) => holder.close(resolve));
  return port;
}
