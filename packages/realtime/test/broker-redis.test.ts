import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { Misplaced, type NewEvent, type TopicEvent } from '../src/broker.ts';
import { RedisBroker } from '../src/broker-redis.ts';
import { systemClock } from '../src/clock.ts';
import { RecordingListener } from './recording-listener.ts';
import { describeWithRedis, RedisServer } from './redis-server.ts';

/** What operators are promised. */
const DEGRADED_WITHIN_MS = 5000;

const event = (id: string, topic = 'orders'): NewEvent => ({ id, topic, type: 'order_update', timestamp: new Date(systemClock.now()).toISOString(), data: { id } });
const events = (count: number, name: string) => Array.from({ length: count }, (_, i) => event(`${name}-${i}`));
const ids = (told: readonly TopicEvent[]) => told.map(({ id }) => id);

describeWithRedis('RedisBroker when Redis misbehaves', () => {
  const redis = new RedisServer();
  let prefix = 0;
  const open: RedisBroker[] = [];

  beforeAll(() => redis.start());
  afterAll(() => redis.stop());
  beforeEach(() => void prefix++);
  afterEach(async () => {
    for (const broker of open.splice(0)) await broker.close();
  });

  async function node(own: { canaryMs?: number; deadlineMs?: number; history?: { size: number; ttlMs: number } } = {}) {
    const listener = new RecordingListener();
    const broker = new RedisBroker({ url: redis.url, clock: systemClock, prefix: `t${prefix}:`, history: { size: 10_000, ttlMs: 3_600_000 }, canaryMs: 50, deadlineMs: 2000, retryMs: 20, ...own });
    open.push(broker);
    await broker.start(listener);
    return { broker, listener };
  }

  it('[ORD1] [POS1] gives all nodes the same order, whoever publishes', async () => {
    const nodes = [await node(), await node(), await node()];
    await Promise.all(nodes.flatMap(({ broker }, n) => events(50, `n${n}`).map((one) => broker.publish([one]))));
    for (const { listener } of nodes) await listener.until(({ events }) => events.length === 150);
    const [first, ...others] = nodes.map(({ listener }) => ids(listener.events));
    for (const other of others) expect(other).toEqual(first);
    expect(nodes[0]!.listener.events.map(({ offset }) => offset)).toEqual(Array.from({ length: 150 }, (_, i) => i + 1));
  });

  it('[ORD2] tells an event once when two nodes publish it at the same time', async () => {
    const [one, two] = [await node(), await node()];
    const positions = await Promise.all([one.broker.publish([event('same')]), two.broker.publish([event('same')])]);
    expect(positions[0]).toEqual(positions[1]);
    await one.broker.publish([event('after')]);
    await two.listener.until(({ events }) => events.length === 2);
    expect(ids(two.listener.events)).toEqual(['same', 'after']);
  });

  it('begins at the heads: a node that joins later is not told the past, and can read it', async () => {
    const one = await node();
    await one.broker.publish(events(5, 'early'));
    const late = await node();
    expect(late.broker.position('orders')).toEqual(one.broker.position('orders'));
    await late.broker.publish([event('new')]);
    expect(ids(late.listener.events)).toEqual(['new']);
    const history = await late.broker.since('orders', { epoch: late.broker.position('orders').epoch, offset: 2 });
    expect(history.kind === 'events' && ids(history.events)).toEqual(['early-2', 'early-3', 'early-4', 'new']);
  });

  it('[SUB3] answers lost for what the bounded history let go', async () => {
    const { broker } = await node({ history: { size: 100, ttlMs: 3_600_000 } });
    for (let i = 0; i < 5; i++) await broker.publish(events(100, `b${i}`));
    const { epoch } = broker.position('orders');
    expect((await broker.since('orders', { epoch, offset: 10 })).kind).toBe('lost');
    expect((await broker.since('orders', { epoch, offset: 480 })).kind).toBe('events');
    expect((await broker.since('orders', { epoch, offset: 501 })).kind).toBe('lost');
    expect((await broker.since('orders', { epoch: 'other', offset: 480 })).kind).toBe('lost');
  });

  it('[ORD2] in a new epoch takes no event of a log behind a later one, whichever node comes first', async () => {
    const [ahead, behind] = [await node(), await node()];
    const [first, second, third] = events(3, 'row') as [NewEvent, NewEvent, NewEvent];
    const unknown = { behind: undefined, newest: undefined };
    await ahead.broker.publish([second], unknown);
    await expect(behind.broker.publish([first, second], unknown)).rejects.toThrow(Misplaced);
    expect(await behind.broker.newestPlaced()).toBe(second.id);
    await behind.broker.publish([third], { behind: second, newest: second.id });
    await ahead.broker.publish([third], { behind: second, newest: second.id });
    await ahead.listener.until(({ events: heard }) => heard.length === 2);
    expect(ids(ahead.listener.events)).toEqual([second.id, third.id]);
  });

  it('[POS1] fault: Redis restarts, sockets stay open and no data ever comes: it is degraded soon after Redis was killed, refuses to publish, and comes back by itself with a new epoch', async () => {
    const { broker, listener } = await node();
    await broker.publish([event('before')]);
    const old = broker.position('orders');
    const killedAt = systemClock.now();
    await redis.kill();
    await listener.until(({ health }) => health.at(-1)?.state === 'degraded');
    expect(systemClock.now() - killedAt).toBeLessThan(DEGRADED_WITHIN_MS);
    await expect(broker.publish([event('during')])).rejects.toThrow();
    await redis.start();
    await listener.until(({ health }) => health.at(-1)?.state === 'ok');
    // A Redis without persistence forgot everything, and says so instead of going on with old offsets.
    expect(listener.epochs.map(({ topic }) => topic)).toEqual(['orders']);
    expect(broker.position('orders').epoch).not.toBe(old.epoch);
    await broker.publish([event('during')]);
    expect(ids(listener.events)).toEqual(['before', 'during']);
    expect((await broker.since('orders', old)).kind).toBe('lost');
  });

  it('fault: nobody notices that Redis hangs: it is known within five seconds, with the default times', async () => {
    const { broker, listener } = await node({ canaryMs: 1000, deadlineMs: 2000 });
    const stoppedAt = systemClock.now();
    redis.signal('SIGSTOP');
    try {
      const hanging = broker.publish([event('hanging')]);
      await expect(hanging).rejects.toThrow();
      await listener.until(({ health }) => health.at(-1)?.state === 'degraded');
      expect(systemClock.now() - stoppedAt).toBeLessThan(DEGRADED_WITHIN_MS);
    } finally {
      redis.signal('SIGCONT');
    }
    await listener.until(({ health }) => health.at(-1)?.state === 'ok');
    // The hanging publish may have been carried out after all; asking again must not double it.
    await broker.publish([event('hanging')]);
    expect(ids(listener.events)).toEqual(['hanging']);
  });

  it.each([
    ['is full', 'CONFIG SET maxmemory 1', 'CONFIG SET maxmemory 0'],
    ['has become a replica', 'REPLICAOF 127.0.0.1 1', 'REPLICAOF NO ONE'],
  ])('a Redis that answers but %s is degraded, and comes back by itself with what it had', async (_, wrong, right) => {
    const { broker, listener } = await node();
    await broker.publish([event('before')]);
    const before = broker.position('orders');
    await redis.command(wrong);
    try {
      await listener.until(({ health }) => health.at(-1)?.state === 'degraded');
      await expect(broker.publish([event('during')])).rejects.toThrow();
    } finally {
      await redis.command(right);
    }
    await listener.until(({ health }) => health.at(-1)?.state === 'ok');
    await broker.publish([event('during')]);
    expect(broker.position('orders')).toEqual({ ...before, offset: before.offset + 1 });
    expect(listener.epochs).toEqual([]);
  });

  it('loses no event that was published while a node was cut off', async () => {
    const [here, away] = [await node(), await node()];
    await here.broker.publish(events(3, 'before'));
    await away.listener.until(({ events }) => events.length === 3);
    await redis.command('CLIENT KILL TYPE pubsub');
    let published = false;
    while (!published) {
      published = await here.broker.publish(events(20, 'during')).then(
        () => true,
        () => turn(false),
      );
    }
    await away.listener.until(({ events }) => events.length === 23);
    expect(ids(away.listener.events)).toEqual([...events(3, 'before'), ...events(20, 'during')].map(({ id }) => id));
    expect(away.listener.epochs).toEqual([]);
  });

  it('[ORD1] fault: the second reconnect subscribes to half: after each of three, events of all topics and signals come, each once', async () => {
    const [here, away] = [await node(), await node()];
    const all: string[] = [];
    for (let outage = 1; outage <= 3; outage++) {
      await redis.command('CLIENT KILL TYPE pubsub');
      await redis.command('CLIENT KILL TYPE normal');
      for (const { listener } of [here, away]) await listener.until(({ health }) => health.filter(({ state }) => state === 'degraded').length === outage && health.at(-1)?.state === 'ok');
      for (const topic of ['orders', 'prices', 'stock']) {
        await here.broker.publish([event(`${topic}-${outage}`, topic)]);
        all.push(`${topic}-${outage}`);
      }
      await here.broker.signal({ kind: 'revoke', outage });
      await away.listener.until(({ events, signals }) => events.length === all.length && signals.length === outage);
    }
    expect(ids(away.listener.events)).toEqual(all);
    expect(away.listener.signals.map((signal) => signal['outage'])).toEqual([1, 2, 3]);
    expect(away.listener.epochs).toEqual([]);
  });

  it('[POS1] begins a new epoch after FLUSHALL, though nobody publishes', async () => {
    const { broker, listener } = await node();
    await broker.publish([event('before')]);
    const { epoch } = broker.position('orders');
    await redis.command('FLUSHALL');
    await listener.until(({ epochs }) => epochs.length > 0);
    expect(listener.epochs).toEqual([{ topic: 'orders', epoch: broker.position('orders').epoch, offset: 0 }]);
    expect(broker.position('orders').epoch).not.toBe(epoch);
    expect(broker.health().state).toBe('ok');
  });

  it('publishes into the new epoch right after FLUSHALL', async () => {
    const { broker, listener } = await node();
    await broker.publish(events(3, 'before'));
    await redis.command('FLUSHALL');
    const [position] = await broker.publish([event('after')]);
    expect(position).toEqual({ topic: 'orders', epoch: broker.position('orders').epoch, offset: 1 });
    expect(listener.epochs).toHaveLength(1);
    expect(ids(listener.events)).toEqual(['before-0', 'before-1', 'before-2', 'after']);
  });

  it('[AUTH4] carries signals to every node, the sender too', async () => {
    const [one, two] = [await node(), await node()];
    await one.broker.signal({ kind: 'revoke_session', sessionId: 's1' });
    for (const { listener } of [one, two]) {
      await listener.until(({ signals }) => signals.length === 1);
      expect(listener.signals).toEqual([{ kind: 'revoke_session', sessionId: 's1' }]);
    }
  });

  it('refuses to start when there is no Redis', async () => {
    const broker = new RedisBroker({ url: `${redis.url}.none`, clock: systemClock, history: { size: 10, ttlMs: 1000 }, deadlineMs: 300 });
    await expect(broker.start(new RecordingListener())).rejects.toThrow();
    await broker.close();
    await broker.close();
  });
});
